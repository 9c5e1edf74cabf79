#include "riacho/security/key_store.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "base/return_if_error.h"
#include "flow/token_bucket.h"
#include "riacho/model/arn.h"
#include "riacho/model/error.h"
#include "security/aes_gcm.h"
#include "security/key_store_state.h"

namespace riacho {
namespace {

using internal::HmacSha256;
using internal::kAesKeyBytes;
using internal::kNonceBytes;
using internal::kTagBytes;

// A blob: the key's number, the version of its material, nonce, the data key and the tag.
constexpr std::size_t kNumberBytes = 8;
constexpr std::size_t kVersionBytes = 4;
constexpr std::size_t kBlobHeadBytes = kNumberBytes + kVersionBytes;
static_assert(kBlobHeadBytes + kNonceBytes + kAesKeyBytes + kTagBytes ==
              KeyStore::kCiphertextBlobBytes);

constexpr std::string_view kAliasPrefix = "alias/";
constexpr std::size_t kMostAliasCharacters = 256;
constexpr std::size_t kMostKeyIdCharacters = 256;

// Stores without a seed of their own differ, and do so in the same way in every run of the program.
std::uint64_t NextDefaultSeed() {
  static constinit std::atomic<std::uint64_t> last = 0;
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

// Little-endian.
std::string Number(std::uint64_t number, std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i, number >>= 8) text += static_cast<char>(number & 0xff);
  return text;
}
std::uint64_t ReadNumber(std::string_view text) {
  std::uint64_t number = 0;
  for (std::size_t i = text.size(); i > 0; --i)
    number = number << 8 | static_cast<unsigned char>(text[i - 1]);
  return number;
}

// Thirty-two bytes that nobody can guess who does not know the secret.
std::string Derive(std::string_view secret, std::string_view what, std::uint64_t number,
                   std::uint64_t version = 0) {
  return HmacSha256(secret, std::string(what) + Number(number, 8) + Number(version, 8));
}

std::string AsUuid(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    unsigned byte = static_cast<unsigned char>(bytes[i]);
    if (i == 6) byte = 0x40 | (byte & 0x0f);  // version 4
    if (i == 8) byte = 0x80 | (byte & 0x3f);  // variant 1
    text.append({kDigits[byte >> 4], kDigits[byte & 0xf]});
  }
  return text;
}

// Lengths before texts, so that no two contexts read alike.
std::string Serialize(const EncryptionContext& context) {
  std::string text;
  for (const auto& [key, value] : context)
    text += Number(key.size(), 8) + key + Number(value.size(), 8) + value;
  return text;
}

bool IsOneOf(char c, std::string_view others) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         others.find(c) != std::string_view::npos;
}
bool ConsistsOf(std::string_view text, std::string_view others) {
  return !text.empty() && std::ranges::all_of(text, [&](char c) { return IsOneOf(c, others); });
}

absl::Status Invalid(const std::string& message) {
  return MakeError(ErrorCode::kInvalidArgument, message);
}

}  // namespace

struct KeyStore::Key {
  std::size_t number = 0;
  std::string key_id = {};
  KeyState state = KeyState::kEnabled;
  bool service_managed = false;
  bool gone = false;                             // deleted
  std::optional<absl::Time> deletion_date = {};  // when pending deletion
  std::uint64_t version = 0;                     // of its material; all earlier ones still decrypt
  // By principal; without it everybody in the account may do everything.
  std::optional<std::map<std::string, std::set<KeyOperation>, std::less<>>> grants = {};

  std::string Material(std::string_view secret, std::uint64_t of_version) const {
    return Derive(secret, "key", number, of_version);
  }
};

std::string_view KeyStateName(KeyState state) {
  constexpr std::array<std::string_view, 6> kNames = {
      "Creating", "Enabled", "Disabled", "PendingDeletion", "PendingImport", "Unavailable"};
  return kNames[static_cast<std::size_t>(state)];
}

std::string_view KeyOperationName(KeyOperation operation) {
  constexpr std::array<std::string_view, kKeyOperationCount> kNames = {"Decrypt", "DescribeKey",
                                                                       "GenerateDataKey"};
  return kNames[static_cast<std::size_t>(operation)];
}

std::ostream& operator<<(std::ostream& out, KeyState state) { return out << KeyStateName(state); }
std::ostream& operator<<(std::ostream& out, KeyOperation operation) {
  return out << KeyOperationName(operation);
}

absl::Status CheckUsable(const KeyMetadata& key) {
  const auto invalid = [&key](const std::string& is) {
    return MakeError(ErrorCode::kKmsInvalidState, key.arn + " is " + is + ".");
  };
  switch (key.key_state) {
    case KeyState::kEnabled:
      return absl::OkStatus();
    case KeyState::kDisabled:
      return MakeError(ErrorCode::kKmsDisabled, key.arn + " is disabled.");
    case KeyState::kPendingDeletion:
      return invalid("pending deletion");
    case KeyState::kPendingImport:
      return invalid("pending import");
    case KeyState::kCreating:
      return invalid("creating");
    case KeyState::kUnavailable:
      return invalid("unavailable");
  }
  return invalid("in an unknown state");
}

KeyStore::KeyStore(KeyStoreOptions options)
    : options_(std::move(options)),
      seed_(options_.seed.has_value() ? *options_.seed : NextDefaultSeed()) {}

// When the first key is asked for: most engines never encrypt, and this costs more than a test.
void KeyStore::Prepare() const {
  if (!keys_.empty()) return;
  secret_ = Derive("riacho key store", "seed", seed_);
  keys_.push_back({.key_id = AsUuid(Derive(secret_, "key id", 0)), .service_managed = true});
  aliases_.emplace(kServiceManagedAlias, 0);
}

KeyStore::~KeyStore() = default;

std::string KeyStore::ArnOf(std::string_view resource) const {
  std::string arn = "arn:";
  arn.append(PartitionOf(options_.region)).append(":kms:").append(options_.region).append(":");
  return arn.append(options_.account_id).append(":").append(resource);
}

KeyMetadata KeyStore::Describe(const Key& key) const {
  return {.key_id = key.key_id,
          .arn = ArnOf("key/" + key.key_id),
          .key_state = key.state,
          .service_managed = key.service_managed,
          .deletion_date = key.deletion_date};
}

void KeyStore::Settle(absl::Time now) {
  for (Key& key : keys_) {
    if (key.deletion_date.has_value() && *key.deletion_date <= now) key.gone = true;
  }
}

// Without the head of an ARN of this store: "alias/NAME" or a key id.
std::string_view KeyStore::ResourceOf(std::string_view name) const {
  if (const std::string head = ArnOf(""); name.starts_with(head)) {
    name.remove_prefix(head.size());
    if (name.starts_with("key/")) name.remove_prefix(4);
  }
  return name;
}

std::string KeyStore::KeyArn(std::string_view key) const {
  if (key.starts_with("arn:") && !key.starts_with(ArnOf(""))) return std::string(key);
  const std::string_view resource = ResourceOf(key);
  const absl::MutexLock lock(&mutex_);
  Prepare();
  const auto alias = aliases_.find(resource);
  if (alias != aliases_.end()) return ArnOf("key/" + keys_[alias->second].key_id);
  return ArnOf((resource.starts_with(kAliasPrefix) ? "" : "key/") + std::string(resource));
}

absl::StatusOr<KeyStore::Key*> KeyStore::Find(std::string_view name) {
  const std::string_view resource = ResourceOf(name);
  if (resource.starts_with(kAliasPrefix)) {
    const auto alias = aliases_.find(resource);
    if (alias != aliases_.end() && !keys_[alias->second].gone) return &keys_[alias->second];
    return MakeError(ErrorCode::kKmsNotFound, "Alias " + ArnOf(resource) + " is not found.");
  }
  const auto key = std::ranges::find(keys_, resource, &Key::key_id);
  if (key != keys_.end() && !key->gone) return &*key;
  return MakeError(
      ErrorCode::kKmsNotFound,
      "Key '" + (name.starts_with("arn:") ? std::string(name) : ArnOf("key/" + std::string(name))) +
          "' does not exist");
}

absl::StatusOr<KeyStore::Key*> KeyStore::FindToChange(std::string_view name) {
  const absl::StatusOr<Key*> key = Find(name);
  RIACHO_RETURN_IF_ERROR(key.status());
  if ((*key)->service_managed) {
    return Invalid("Key " + Describe(**key).arn + " is managed by the service (" +
                   std::string(kServiceManagedAlias) + ") and cannot be changed.");
  }
  if ((*key)->state == KeyState::kPendingDeletion) return CheckUsable(Describe(**key));
  return *key;
}

absl::Status KeyStore::Admit(KeyOperation operation, absl::Time now) {
  ++request_counts_[static_cast<std::size_t>(operation)];
  Settle(now);
  if (requests_per_second_ != Limits::kUnlimited) {
    const std::int64_t nanos = absl::ToUnixNanos(now);
    if (requests_ == nullptr && requests_per_second_ > 0) {
      requests_ = std::make_unique<internal::TokenBucket>(requests_per_second_,
                                                          requests_per_second_, nanos);
    }
    if (requests_ == nullptr || !requests_->Take(1, nanos)) {
      return MakeError(ErrorCode::kKmsThrottling,
                       "You have exceeded the rate of " + std::to_string(requests_per_second_) +
                           " requests per second at which you may call KMS. Reduce the frequency "
                           "of your calls.");
    }
  }
  if (!opted_in_) {
    return MakeError(ErrorCode::kKmsOptInRequired,
                     "Account " + options_.account_id + " is not subscribed to KMS.");
  }
  return absl::OkStatus();
}

// A key that has no grants serves the account, as far as the caller's own policies go; that of the
// service serves everybody in it.
absl::Status KeyStore::CheckAllowed(const Key& key, KeyOperation operation, std::string_view caller,
                                    const EncryptionContext& context,
                                    const KeyPolicies* policies) const {
  bool allowed = AccountOf(caller) == options_.account_id;
  if (key.grants.has_value()) {
    const auto grant = key.grants->find(caller);
    allowed = grant != key.grants->end() && grant->second.contains(operation);
  }
  if (allowed && policies != nullptr && !key.service_managed)
    return policies->Allow(operation, Describe(key).arn, context, key.grants.has_value());
  if (allowed) return absl::OkStatus();
  return MakeError(ErrorCode::kKmsAccessDenied,
                   "User: " + std::string(caller) + " is not authorized to perform: kms:" +
                       std::string(KeyOperationName(operation)) +
                       " on resource: " + Describe(key).arn + " because no grant allows it");
}

absl::StatusOr<DataKey> KeyStore::GenerateDataKey(std::string_view key, std::string_view caller,
                                                  const EncryptionContext& context, absl::Time now,
                                                  const KeyPolicies* policies) {
  const absl::MutexLock lock(&mutex_);
  Prepare();
  RIACHO_RETURN_IF_ERROR(Admit(KeyOperation::kGenerateDataKey, now));
  const absl::StatusOr<Key*> found = Find(key);
  RIACHO_RETURN_IF_ERROR(found.status());
  RIACHO_RETURN_IF_ERROR(
      CheckAllowed(**found, KeyOperation::kGenerateDataKey, caller, context, policies));
  RIACHO_RETURN_IF_ERROR(CheckUsable(Describe(**found)));
  const std::uint64_t count = data_keys_++;
  DataKey data_key = {.plaintext = Derive(secret_, "data key", count),
                      .ciphertext_blob = Number((*found)->number, kNumberBytes) +
                                         Number((*found)->version, kVersionBytes) +
                                         Number(count, kNonceBytes)};  // never the same again
  data_key.ciphertext_blob.resize(kCiphertextBlobBytes);
  char* const nonce = data_key.ciphertext_blob.data() + kBlobHeadBytes;
  internal::AesGcmSeal((*found)->Material(secret_, (*found)->version), {nonce, kNonceBytes},
                       Serialize(context), data_key.plaintext, nonce + kNonceBytes);
  return data_key;
}

absl::StatusOr<std::string> KeyStore::Decrypt(std::string_view ciphertext_blob,
                                              std::string_view caller,
                                              const EncryptionContext& context, absl::Time now,
                                              const KeyPolicies* policies) {
  const absl::MutexLock lock(&mutex_);
  Prepare();
  RIACHO_RETURN_IF_ERROR(Admit(KeyOperation::kDecrypt, now));
  const auto refuse = [] {
    return MakeError(ErrorCode::kKmsAccessDenied,
                     "The ciphertext refers to a key that does not exist, that you cannot access, "
                     "or that was used with another encryption context.");
  };
  if (ciphertext_blob.size() != kCiphertextBlobBytes) return refuse();
  const std::uint64_t number = ReadNumber(ciphertext_blob.substr(0, kNumberBytes));
  const std::uint64_t version = ReadNumber(ciphertext_blob.substr(kNumberBytes, kVersionBytes));
  if (number >= keys_.size()) return refuse();
  const Key& key = keys_[number];
  if (key.gone) {
    return MakeError(ErrorCode::kKmsNotFound, "Key '" + Describe(key).arn + "' does not exist");
  }
  RIACHO_RETURN_IF_ERROR(CheckAllowed(key, KeyOperation::kDecrypt, caller, context, policies));
  RIACHO_RETURN_IF_ERROR(CheckUsable(Describe(key)));
  std::string plaintext(kAesKeyBytes, '\0');
  if (version > key.version ||
      !internal::AesGcmOpen(key.Material(secret_, version),
                            ciphertext_blob.substr(kBlobHeadBytes, kNonceBytes), Serialize(context),
                            ciphertext_blob.substr(kBlobHeadBytes + kNonceBytes),
                            plaintext.data())) {
    return refuse();
  }
  return plaintext;
}

absl::StatusOr<KeyMetadata> KeyStore::DescribeKey(std::string_view key, std::string_view caller,
                                                  absl::Time now, const KeyPolicies* policies) {
  const absl::MutexLock lock(&mutex_);
  Prepare();
  RIACHO_RETURN_IF_ERROR(Admit(KeyOperation::kDescribeKey, now));
  const absl::StatusOr<Key*> found = Find(key);
  RIACHO_RETURN_IF_ERROR(found.status());
  RIACHO_RETURN_IF_ERROR(CheckAllowed(**found, KeyOperation::kDescribeKey, caller, {}, policies));
  return Describe(**found);
}

absl::StatusOr<KeyMetadata> KeyStore::CreateKey(const CreateKeyOptions& options) {
  const absl::MutexLock lock(&mutex_);
  Prepare();
  const std::size_t number = keys_.size();
  Key key = {.number = number,
             .key_id = options.key_id.value_or(AsUuid(Derive(secret_, "key id", number))),
             .state = options.key_state};
  if (key.key_id.size() > kMostKeyIdCharacters || !ConsistsOf(key.key_id, "-")) {
    return Invalid("Key id '" + key.key_id + "' must be 1 to " +
                   std::to_string(kMostKeyIdCharacters) + " characters of [a-zA-Z0-9-].");
  }
  if (std::ranges::find(keys_, key.key_id, &Key::key_id) != keys_.end())
    return Invalid("Key id '" + key.key_id + "' has been given to another key.");
  if (key.state == KeyState::kPendingDeletion)
    return Invalid("Key '" + key.key_id + "' cannot begin as pending deletion.");
  if (options.alias.has_value()) RIACHO_RETURN_IF_ERROR(AddAlias(*options.alias, key));
  keys_.push_back(std::move(key));
  return Describe(keys_.back());
}

absl::Status KeyStore::CreateAlias(std::string_view alias, std::string_view key) {
  const absl::MutexLock lock(&mutex_);
  Prepare();
  const absl::StatusOr<Key*> found = FindToChange(key);
  RIACHO_RETURN_IF_ERROR(found.status());
  return AddAlias(alias, **found);
}

absl::Status KeyStore::AddAlias(std::string_view alias, const Key& key) {
  const std::string text(alias);
  if (!alias.starts_with(kAliasPrefix) || alias.size() > kMostAliasCharacters ||
      !ConsistsOf(alias.substr(kAliasPrefix.size()), "/_-")) {
    return Invalid("Alias '" + text + "' must be 'alias/' and up to " +
                   std::to_string(kMostAliasCharacters - kAliasPrefix.size()) +
                   " characters of [a-zA-Z0-9/_-].");
  }
  if (alias.starts_with("alias/aws/"))
    return Invalid("Alias '" + text +
                   "' must not begin with 'alias/aws/', which is the service's.");
  const auto present = aliases_.find(alias);
  if (present != aliases_.end() && !keys_[present->second].gone)
    return Invalid("Alias '" + text + "' is that of another key.");
  aliases_.insert_or_assign(text, key.number);
  return absl::OkStatus();
}

absl::Status KeyStore::DeleteAlias(std::string_view alias) {
  const absl::MutexLock lock(&mutex_);
  Prepare();
  if (alias == kServiceManagedAlias)
    return Invalid("Alias " + std::string(alias) + " is the service's and cannot be deleted.");
  const auto present = aliases_.find(alias);
  if (present == aliases_.end()) {
    return MakeError(ErrorCode::kKmsNotFound, "Alias '" + std::string(alias) + "' is not found.");
  }
  aliases_.erase(present);
  return absl::OkStatus();
}

absl::Status KeyStore::SetKeyState(std::string_view key, KeyState state) {
  const absl::MutexLock lock(&mutex_);
  Prepare();
  const absl::StatusOr<Key*> found = FindToChange(key);
  RIACHO_RETURN_IF_ERROR(found.status());
  if (state == KeyState::kPendingDeletion)
    return Invalid("A key becomes pending deletion by ScheduleKeyDeletion.");
  (*found)->state = state;
  return absl::OkStatus();
}

absl::Status KeyStore::ScheduleKeyDeletion(std::string_view key, absl::Duration pending_window,
                                           absl::Time now) {
  const absl::MutexLock lock(&mutex_);
  Prepare();
  Settle(now);
  const absl::StatusOr<Key*> found = FindToChange(key);
  RIACHO_RETURN_IF_ERROR(found.status());
  if (pending_window < absl::ZeroDuration()) {
    return Invalid("The pending window of " + absl::FormatDuration(pending_window) +
                   " must not be negative.");
  }
  (*found)->state = KeyState::kPendingDeletion;
  (*found)->deletion_date = now + pending_window;
  return absl::OkStatus();
}

absl::Status KeyStore::CancelKeyDeletion(std::string_view key, absl::Time now) {
  const absl::MutexLock lock(&mutex_);
  Prepare();
  Settle(now);
  const absl::StatusOr<Key*> found = Find(key);
  RIACHO_RETURN_IF_ERROR(found.status());
  if ((*found)->state != KeyState::kPendingDeletion) {
    return MakeError(ErrorCode::kKmsInvalidState,
                     Describe(**found).arn + " is not pending deletion.");
  }
  (*found)->state = KeyState::kDisabled;
  (*found)->deletion_date.reset();
  return absl::OkStatus();
}

absl::Status KeyStore::RotateKeyOnDemand(std::string_view key) {
  const absl::MutexLock lock(&mutex_);
  Prepare();
  const absl::StatusOr<Key*> found = FindToChange(key);
  RIACHO_RETURN_IF_ERROR(found.status());
  ++(*found)->version;
  return absl::OkStatus();
}

absl::Status KeyStore::CreateGrant(std::string_view key, std::string_view grantee_principal,
                                   const std::set<KeyOperation>& operations) {
  const absl::MutexLock lock(&mutex_);
  Prepare();
  const absl::StatusOr<Key*> found = FindToChange(key);
  RIACHO_RETURN_IF_ERROR(found.status());
  if (AccountOf(grantee_principal).empty()) {
    return Invalid("Grantee '" + std::string(grantee_principal) +
                   "' is not the ARN of a principal.");
  }
  if (!(*found)->grants.has_value()) (*found)->grants.emplace();
  (*(*found)->grants)[std::string(grantee_principal)].insert(operations.begin(), operations.end());
  return absl::OkStatus();
}

absl::Status KeyStore::RevokeGrant(std::string_view key, std::string_view grantee_principal) {
  const absl::MutexLock lock(&mutex_);
  Prepare();
  const absl::StatusOr<Key*> found = FindToChange(key);
  RIACHO_RETURN_IF_ERROR(found.status());
  auto& grants = (*found)->grants;
  if (grants.has_value() && grants->erase(std::string(grantee_principal)) != 0)
    return absl::OkStatus();
  return Invalid("Nothing was granted to " + std::string(grantee_principal) + " on key " +
                 Describe(**found).arn + ".");
}

void KeyStore::SetOptedIn(bool opted_in) {
  const absl::MutexLock lock(&mutex_);
  Prepare();
  opted_in_ = opted_in;
}

void KeyStore::SetRequestQuota(std::int64_t requests_per_second) {
  const absl::MutexLock lock(&mutex_);
  Prepare();
  requests_per_second_ = std::max<std::int64_t>(requests_per_second, 0);
  requests_.reset();
}

internal::KeyStoreState KeyStore::Save() const {
  const absl::MutexLock lock(&mutex_);
  Prepare();
  internal::KeyStoreState state = {.secret = secret_,
                                   .data_keys = data_keys_,
                                   .opted_in = opted_in_,
                                   .requests_per_second = requests_per_second_,
                                   .request_counts = request_counts_};
  if (requests_ != nullptr) state.requests = requests_->Save();
  for (const auto& [alias, place] : aliases_)
    state.aliases.emplace(alias, static_cast<std::uint32_t>(place));
  for (const Key& key : keys_) {
    internal::StoredKey& stored =
        state.keys.emplace_back(internal::StoredKey{.key_id = key.key_id,
                                                    .state = key.state,
                                                    .service_managed = key.service_managed,
                                                    .gone = key.gone,
                                                    .version = key.version});
    if (key.deletion_date.has_value())
      stored.deletion_nanos = absl::ToUnixNanos(*key.deletion_date);
    if (!key.grants.has_value()) continue;
    stored.grants.emplace();
    for (const auto& [principal, operations] : *key.grants) {
      std::uint8_t& bits = (*stored.grants)[principal];
      for (const KeyOperation operation : operations)
        bits = static_cast<std::uint8_t>(bits | 1u << static_cast<unsigned>(operation));
    }
  }
  return state;
}

void KeyStore::Restore(const internal::KeyStoreState& state) {
  const absl::MutexLock lock(&mutex_);
  secret_ = state.secret;
  data_keys_ = state.data_keys;
  opted_in_ = state.opted_in;
  requests_per_second_ = state.requests_per_second;
  request_counts_ = state.request_counts;
  requests_.reset();
  if (state.requests.has_value()) {
    requests_ = std::make_unique<internal::TokenBucket>(requests_per_second_, requests_per_second_,
                                                        std::int64_t{0});
    requests_->Restore(*state.requests);
  }
  aliases_.clear();
  for (const auto& [alias, place] : state.aliases) aliases_.emplace(alias, place);
  keys_.clear();
  for (const internal::StoredKey& stored : state.keys) {
    Key& key = keys_.emplace_back(Key{.number = keys_.size(),
                                      .key_id = stored.key_id,
                                      .state = stored.state,
                                      .service_managed = stored.service_managed,
                                      .gone = stored.gone,
                                      .version = stored.version});
    if (stored.deletion_nanos.has_value()) {
      key.deletion_date = *stored.deletion_nanos == INT64_MAX
                              ? absl::InfiniteFuture()
                              : absl::FromUnixNanos(*stored.deletion_nanos);
    }
    if (!stored.grants.has_value()) continue;
    key.grants.emplace();
    for (const auto& [principal, bits] : *stored.grants) {
      std::set<KeyOperation>& operations = (*key.grants)[principal];
      for (std::size_t i = 0; i < kKeyOperationCount; ++i) {
        if ((bits >> i & 1) != 0) operations.insert(static_cast<KeyOperation>(i));
      }
    }
  }
}

std::int64_t KeyStore::request_count(KeyOperation operation) const {
  const absl::MutexLock lock(&mutex_);
  Prepare();
  return request_counts_[static_cast<std::size_t>(operation)];
}

}  // namespace riacho
