#include "engine/record_encryption.h"

#include <cstddef>
#include <utility>

#include "base/return_if_error.h"
#include "engine/access.h"
#include "engine/key_rights.h"
#include "riacho/model/error.h"

namespace riacho::internal {
namespace {

EncryptionContext ContextOf(const Stream& stream) { return {{"aws:kinesis:arn", stream.arn()}}; }

}  // namespace

RecordEncryption::RecordEncryption(KeyStore& keys, absl::Duration data_key_life)
    : keys_(keys), life_nanos_(absl::ToInt64Nanoseconds(data_key_life)) {}

std::shared_ptr<RecordCipher> RecordEncryption::Find(const Entries& entries, const NameView& name,
                                                     std::int64_t now_nanos) const {
  const auto found = entries.find(name);
  return found == entries.end() || !Alive(found->second, now_nanos) ? nullptr
                                                                    : found->second.cipher;
}

// Data keys that nobody asks for any more go when the next one comes.
std::shared_ptr<RecordCipher> RecordEncryption::Add(Entries& entries, const NameView& name,
                                                    DataKey data_key, const Stream& stream,
                                                    std::int64_t now_nanos) {
  std::erase_if(entries, [&](const auto& entry) { return !Alive(entry.second, now_nanos); });
  auto cipher = std::make_shared<RecordCipher>(std::move(data_key), stream.arn());
  entries.insert_or_assign(Name(name), Entry{.cipher = cipher, .made_at_nanos = now_nanos});
  return cipher;
}

absl::StatusOr<std::shared_ptr<RecordCipher>> RecordEncryption::CipherFor(const Stream& stream,
                                                                          const Authorizer& caller,
                                                                          std::int64_t now_nanos) {
  const std::string* const key = stream.encryption_key();
  if (key == nullptr) return nullptr;
  const NameView name(stream.incarnation(), caller.arn(), *key);
  {
    const absl::ReaderMutexLock lock(&mutex_);
    if (std::shared_ptr<RecordCipher> cipher = Find(sealing_, name, now_nanos); cipher != nullptr)
      return cipher;
  }
  const absl::MutexLock lock(&mutex_);
  if (std::shared_ptr<RecordCipher> cipher = Find(sealing_, name, now_nanos); cipher != nullptr)
    return cipher;
  const KeyRights rights(caller, now_nanos);
  absl::StatusOr<DataKey> data_key = keys_.GenerateDataKey(*key, caller.arn(), ContextOf(stream),
                                                           absl::FromUnixNanos(now_nanos), &rights);
  RIACHO_RETURN_IF_ERROR(data_key.status());
  return Add(sealing_, name, *std::move(data_key), stream, now_nanos);
}

absl::StatusOr<std::shared_ptr<RecordCipher>> RecordEncryption::CipherOf(
    std::string_view ciphertext_blob, const Stream& stream, const Authorizer& caller,
    std::int64_t now_nanos) {
  const NameView name(stream.incarnation(), caller.arn(), ciphertext_blob);
  {
    const absl::ReaderMutexLock lock(&mutex_);
    if (std::shared_ptr<RecordCipher> cipher = Find(opening_, name, now_nanos); cipher != nullptr)
      return cipher;
  }
  const absl::MutexLock lock(&mutex_);
  if (std::shared_ptr<RecordCipher> cipher = Find(opening_, name, now_nanos); cipher != nullptr)
    return cipher;
  const KeyRights rights(caller, now_nanos);
  absl::StatusOr<std::string> plaintext = keys_.Decrypt(
      ciphertext_blob, caller.arn(), ContextOf(stream), absl::FromUnixNanos(now_nanos), &rights);
  RIACHO_RETURN_IF_ERROR(plaintext.status());
  return Add(opening_, name,
             {.plaintext = *std::move(plaintext), .ciphertext_blob = std::string(ciphertext_blob)},
             stream, now_nanos);
}

std::vector<RecordEncryption::SavedKey> RecordEncryption::Save(const Entries& entries) {
  std::vector<SavedKey> saved;
  for (const auto& [name, entry] : entries) {
    const auto& [incarnation, caller, key] = name;
    saved.push_back({.incarnation = incarnation,
                     .caller = caller,
                     .key = key,
                     .plaintext = entry.cipher->data_key().plaintext,
                     .ciphertext_blob = entry.cipher->data_key().ciphertext_blob,
                     .stream_arn = entry.cipher->stream_arn(),
                     .sealed_count = entry.cipher->sealed_count(),
                     .made_at_nanos = entry.made_at_nanos});
  }
  return saved;
}

RecordEncryption::Entries RecordEncryption::EntriesOf(const std::vector<SavedKey>& saved) {
  Entries entries;
  for (const SavedKey& key : saved) {
    auto cipher = std::make_shared<RecordCipher>(
        DataKey{.plaintext = key.plaintext, .ciphertext_blob = key.ciphertext_blob}, key.stream_arn,
        key.sealed_count);
    entries.insert_or_assign(
        Name(key.incarnation, key.caller, key.key),
        Entry{.cipher = std::move(cipher), .made_at_nanos = key.made_at_nanos});
  }
  return entries;
}

RecordEncryption::State RecordEncryption::Save() {
  const absl::ReaderMutexLock lock(&mutex_);
  return {.sealing = Save(sealing_), .opening = Save(opening_)};
}

void RecordEncryption::Restore(const State& state) {
  const absl::MutexLock lock(&mutex_);
  sealing_ = EntriesOf(state.sealing);
  opening_ = EntriesOf(state.opening);
}

absl::Status RecordEncryption::Open(ShardPage& page, const Stream& stream, const Authorizer& caller,
                                    std::int64_t now_nanos) {
  if (page.sealed_records == 0) return absl::OkStatus();
  std::size_t bytes = 0;
  for (const Record& record : page.records) {
    if (record.encryption_type == EncryptionType::kKms)
      bytes += record.data.size() - RecordCipher::kSealBytes;
  }
  auto* const opened = new char[bytes];
  page.records.Keep(opened, [](void* object) { delete[] static_cast<char*>(object); });

  std::shared_ptr<RecordCipher> cipher;  // of the record before, as a rule of this one too
  std::string_view blob;
  char* data = opened;
  for (std::size_t i = 0; i < page.records.size(); ++i) {
    if (page.records[i].encryption_type != EncryptionType::kKms) continue;
    const std::string_view sealed = page.records[i].data;
    if (RecordCipher::CiphertextBlob(sealed) != blob) {
      blob = RecordCipher::CiphertextBlob(sealed);
      absl::StatusOr<std::shared_ptr<RecordCipher>> found =
          CipherOf(blob, stream, caller, now_nanos);
      RIACHO_RETURN_IF_ERROR(found.status());
      cipher = *std::move(found);
    }
    // What was sealed here opens under its data key; what a snapshot brought may be forged.
    if (!cipher->Open(sealed, data)) {
      return MakeError(ErrorCode::kInternalFailure,
                       "Record " + page.records[i].sequence_number.ToString() + " of stream " +
                           stream.name() + " is not what was sealed under its data key.");
    }
    const std::size_t size = sealed.size() - RecordCipher::kSealBytes;
    page.records.SetData(i, {data, size});
    data += size;
  }
  return absl::OkStatus();
}

}  // namespace riacho::internal
