// KeyStore: the keys that streams are encrypted with, after AWS Key Management Service.
//
//   riacho::KeyStore& keys = engine.key_store();
//   const std::string key = keys.CreateKey({.alias = "alias/orders"})->key_id;
//   kinesis->StartStreamEncryption({.stream_name = "orders",
//                                   .encryption_type = riacho::EncryptionType::kKms,
//                                   .key_id = "alias/orders"});
//   keys.DisableKey(key).IgnoreError();   // five minutes later puts and reads answer kKmsDisabled
//
// A key never leaves the store: it encrypts data keys, and these encrypt records. What that
// protects, and what it cannot protect inside one process, is said in docs/guide/encryption.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

#include "riacho/model/limits.h"

namespace riacho {

namespace internal {
class Account;
struct KeyStoreState;
class TokenBucket;
}  // namespace internal

// Source: AWS KMS API Reference, "KeyMetadata". Only an enabled key can be used.
enum class KeyState : unsigned char {
  kCreating,
  kEnabled,
  kDisabled,
  kPendingDeletion,
  kPendingImport,
  kUnavailable,
};

// What streams ask of a key store; also what a grant can allow.
enum class KeyOperation : unsigned char { kDecrypt, kDescribeKey, kGenerateDataKey };
inline constexpr std::size_t kKeyOperationCount = 3;

// The names on the wire, such as "PendingDeletion" and "GenerateDataKey".
std::string_view KeyStateName(KeyState state);
std::string_view KeyOperationName(KeyOperation operation);
std::ostream& operator<<(std::ostream& out, KeyState state);
std::ostream& operator<<(std::ostream& out, KeyOperation operation);

// Source: AWS KMS API Reference, "KeyMetadata".
struct KeyMetadata {
  std::string key_id = {};
  std::string arn = {};
  KeyState key_state = KeyState::kEnabled;
  bool service_managed = false;                  // the key of alias/aws/kinesis
  std::optional<absl::Time> deletion_date = {};  // when pending deletion

  friend bool operator==(const KeyMetadata&, const KeyMetadata&) = default;
};

// OK when the key can be used; else kKmsDisabled or kKmsInvalidState.
absl::Status CheckUsable(const KeyMetadata& key);

// Source: AWS KMS API Reference, "GenerateDataKey".
struct DataKey {
  std::string plaintext = {};        // 32 bytes: an AES-256 key
  std::string ciphertext_blob = {};  // the same, encrypted; Decrypt answers the plaintext
};

// What a data key is for. It is not secret, and a data key decrypts only with the context that it
// was generated with.
using EncryptionContext = std::map<std::string, std::string>;

// What the policies of a caller say of a key, where it does not have all rights of its account.
class KeyPolicies {
 public:
  virtual ~KeyPolicies() = default;

  // OK, or kKmsAccessDenied. `granted`: a grant allows it, so that only a statement that denies it
  // counts. The store waits for the answer: this must not call it.
  virtual absl::Status Allow(KeyOperation operation, const std::string& key_arn,
                             const EncryptionContext& context, bool granted) const = 0;
};

struct KeyStoreOptions {
  std::string account_id = "123456789012";  // twelve digits; of the keys' ARNs, and of the callers
  std::string region = "us-east-1";

  // What keys, key ids and data keys come from: with the same seed, the same calls have the same
  // answers. Without a seed, each store of the process has its own. Who knows the seed knows the
  // keys.
  std::optional<std::uint64_t> seed = {};
};

struct CreateKeyOptions {
  std::optional<std::string> key_id = {};  // by default one is made, in the form of a UUID
  std::optional<std::string> alias = {};   // "alias/NAME"
  KeyState key_state = KeyState::kEnabled;
};

// Thread-safe; every call takes a mutex. Keys are named by key id, key ARN, alias or alias ARN,
// everywhere. It reads no clock: calls that depend on time are told it.
//
// "alias/aws/kinesis" is there from the beginning: the key that the service manages. Everybody in
// the account may use it, nobody may change it.
//
// Source: AWS KMS API Reference and Developer Guide, the operations of the same names.
class KeyStore {
 public:
  // The alias of the key that is always there.
  static constexpr std::string_view kServiceManagedAlias = "alias/aws/kinesis";
  // The size of every DataKey::ciphertext_blob.
  static constexpr std::size_t kCiphertextBlobBytes = 72;

  explicit KeyStore(KeyStoreOptions options = {});
  KeyStore(const KeyStore&) = delete;
  KeyStore& operator=(const KeyStore&) = delete;
  ~KeyStore();

  // --- What streams do
  // ----------------------------------------------------------------------------
  //
  // `caller` is the ARN of a principal; `policies`, which may be null, are asked about keys that
  // the service does not manage: what no grant allows they must allow, what a grant allows they
  // must not deny. All three count as a request, whatever the answer. Errors: kKmsThrottling
  // (request quota), kKmsOptInRequired, kKmsNotFound (no such key or alias,
  //         or deleted), kKmsAccessDenied (no grant, or no policy that allows it), kKmsDisabled,
  //         kKmsInvalidState (pending deletion or import, creating, unavailable).

  // A new data key.
  absl::StatusOr<DataKey> GenerateDataKey(std::string_view key, std::string_view caller,
                                          const EncryptionContext& context, absl::Time now,
                                          const KeyPolicies* policies = nullptr);

  // The plaintext of a data key. The blob says which key encrypted it.
  // Errors: also kKmsAccessDenied when the blob is not of this store, has been changed, or was
  //         made with another context.
  absl::StatusOr<std::string> Decrypt(std::string_view ciphertext_blob, std::string_view caller,
                                      const EncryptionContext& context, absl::Time now,
                                      const KeyPolicies* policies = nullptr);

  // Describes a key in any state: kKmsDisabled and kKmsInvalidState are not answered.
  absl::StatusOr<KeyMetadata> DescribeKey(std::string_view key, std::string_view caller,
                                          absl::Time now, const KeyPolicies* policies = nullptr);

  // The ARN of the key that `key` names; of one that is not there, what it would be. No request.
  std::string KeyArn(std::string_view key) const;

  // --- What their administrator does
  // ---------------------------------------------------------------
  //
  // Errors: kKmsNotFound; kInvalidArgument for an argument that breaks a rule, and for every change
  //         of the service-managed key; kKmsInvalidState for a key that is pending deletion.

  // Shapes: key_id: 1-256 of [a-zA-Z0-9-], not that of another key, be it deleted; key_state: any
  //         but pending deletion.
  absl::StatusOr<KeyMetadata> CreateKey(const CreateKeyOptions& options = {});

  // Shapes: alias: "alias/" and 1-250 of [a-zA-Z0-9/_-], not "alias/aws/…", not yet there.
  absl::Status CreateAlias(std::string_view alias, std::string_view key);
  absl::Status DeleteAlias(std::string_view alias);

  absl::Status EnableKey(std::string_view key) { return SetKeyState(key, KeyState::kEnabled); }
  absl::Status DisableKey(std::string_view key) { return SetKeyState(key, KeyState::kDisabled); }
  // Also to the states that KMS brings about by itself: kCreating, kPendingImport, kUnavailable.
  // kPendingDeletion has calls of its own.
  absl::Status SetKeyState(std::string_view key, KeyState state);

  // The key is pending deletion now, and gone when `pending_window` has passed; then nobody can
  // read any more what it encrypted.
  absl::Status ScheduleKeyDeletion(std::string_view key, absl::Duration pending_window,
                                   absl::Time now);
  // Takes that back, if it is not too late; the key is disabled then.
  absl::Status CancelKeyDeletion(std::string_view key, absl::Time now);

  // Gives the key new material for what it encrypts from now on. What it has encrypted it still
  // decrypts.
  absl::Status RotateKeyOnDemand(std::string_view key);

  // Allows the operations to a principal, besides what it may already. A key without grants serves
  // everybody in the account; from its first grant on, it serves those it was granted to, exactly
  // the ARNs that were named, and nobody else: not even if all grants are revoked.
  absl::Status CreateGrant(std::string_view key, std::string_view grantee_principal,
                           const std::set<KeyOperation>& operations);
  // Takes from a principal all that was granted to it.
  absl::Status RevokeGrant(std::string_view key, std::string_view grantee_principal);

  // Whether the account is subscribed to KMS; it is at first. If not: kKmsOptInRequired.
  void SetOptedIn(bool opted_in);

  // How many requests a second are answered, of all callers and keys together; 0: none. At first
  // there is no limit. Beyond: kKmsThrottling.
  void SetRequestQuota(std::int64_t requests_per_second);

  // How often this was asked of the store, whatever the answer.
  std::int64_t request_count(KeyOperation operation) const;

  const KeyStoreOptions& options() const { return options_; }

 private:
  friend class internal::Account;  // saves it with the engine, and makes it again

  struct Key;

  internal::KeyStoreState Save() const;
  void Restore(const internal::KeyStoreState& state);

  void Prepare() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Admit(KeyOperation operation, absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckAllowed(const Key& key, KeyOperation operation, std::string_view caller,
                            const EncryptionContext& context, const KeyPolicies* policies) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::string_view ResourceOf(std::string_view name) const;
  absl::StatusOr<Key*> Find(std::string_view name) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<Key*> FindToChange(std::string_view name) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Settle(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status AddAlias(std::string_view alias, const Key& key)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  KeyMetadata Describe(const Key& key) const;
  std::string ArnOf(std::string_view resource) const;

  const KeyStoreOptions options_;
  const std::uint64_t seed_;

  mutable absl::Mutex mutex_;
  // Made by Prepare. Everything else is derived from the secret.
  mutable std::string secret_ ABSL_GUARDED_BY(mutex_);
  mutable std::vector<Key> keys_ ABSL_GUARDED_BY(mutex_);  // a key's place is its number in blobs
  mutable std::map<std::string, std::size_t, std::less<>> aliases_
      ABSL_GUARDED_BY(mutex_);                           // to places
  std::uint64_t data_keys_ ABSL_GUARDED_BY(mutex_) = 0;  // generated so far
  bool opted_in_ ABSL_GUARDED_BY(mutex_) = true;
  std::int64_t requests_per_second_ ABSL_GUARDED_BY(mutex_) = Limits::kUnlimited;
  std::unique_ptr<internal::TokenBucket> requests_ ABSL_GUARDED_BY(mutex_);  // made when first used
  std::array<std::int64_t, kKeyOperationCount> request_counts_ ABSL_GUARDED_BY(mutex_) = {};
};

}  // namespace riacho
