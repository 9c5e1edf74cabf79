// RecordEncryption: seals and opens the records of encrypted streams, under data keys that the key
// store hands out and that serve for `Limits::data_key_life`.
//
// A key that is disabled, or a grant that is revoked, shows when the data keys have come to the end
// of their lives, as on the service.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

#include "riacho/security/key_store.h"
#include "security/record_cipher.h"
#include "stream/shard_cursor.h"
#include "stream/stream.h"

namespace riacho::internal {

class Authorizer;

// Thread-safe. Takes a mutex, shared as long as the data key wanted is there. `caller` stands for
// the principal whose call it is: each has data keys of its own, and needs the right to have them.
class RecordEncryption {
 public:
  // `keys` must outlive it.
  RecordEncryption(KeyStore& keys, absl::Duration data_key_life);

  // What a caller's records for `stream` are sealed with now; null when the stream is not
  // encrypted. The caller holds an EpochGuard. Errors: those of KeyStore::GenerateDataKey.
  absl::StatusOr<std::shared_ptr<RecordCipher>> CipherFor(const Stream& stream,
                                                          const Authorizer& caller,
                                                          std::int64_t now_nanos);

  // Opens the sealed records of a page of `stream`. On an error the page is of no use.
  // Errors: those of KeyStore::Decrypt.
  absl::Status Open(ShardPage& page, const Stream& stream, const Authorizer& caller,
                    std::int64_t now_nanos);

  // A data key in use, and whose it is.
  struct SavedKey {
    std::uint64_t incarnation = 0;  // of the stream
    std::string caller = {};
    std::string key = {};  // its id to seal, its blob to open
    std::string plaintext = {};
    std::string ciphertext_blob = {};
    std::string stream_arn = {};
    std::uint64_t sealed_count = 0;
    std::int64_t made_at_nanos = 0;
  };
  struct State {
    std::vector<SavedKey> sealing = {};
    std::vector<SavedKey> opening = {};
  };
  // With the data keys whose lives are over but that are still here: a clock that is set back makes
  // them serve again.
  State Save();
  void Restore(const State& state);

 private:
  struct Entry {
    std::shared_ptr<RecordCipher> cipher;
    std::int64_t made_at_nanos = 0;
  };
  // Incarnation of the stream, caller, and which key: its id to seal, its blob to open.
  using Name = std::tuple<std::uint64_t, std::string, std::string>;
  using NameView = std::tuple<std::uint64_t, std::string_view, std::string_view>;
  struct NameLess {
    using is_transparent = void;
    bool operator()(const NameView& a, const NameView& b) const { return a < b; }
  };
  using Entries = std::map<Name, Entry, NameLess>;

  static std::vector<SavedKey> Save(const Entries& entries);
  static Entries EntriesOf(const std::vector<SavedKey>& saved);

  bool Alive(const Entry& entry, std::int64_t now_nanos) const {
    return now_nanos - entry.made_at_nanos < life_nanos_;
  }
  std::shared_ptr<RecordCipher> Find(const Entries& entries, const NameView& name,
                                     std::int64_t now_nanos) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  std::shared_ptr<RecordCipher> Add(Entries& entries, const NameView& name, DataKey data_key,
                                    const Stream& stream, std::int64_t now_nanos)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<std::shared_ptr<RecordCipher>> CipherOf(std::string_view ciphertext_blob,
                                                         const Stream& stream,
                                                         const Authorizer& caller,
                                                         std::int64_t now_nanos);

  KeyStore& keys_;
  const std::int64_t life_nanos_;

  absl::Mutex mutex_;  // held while the key store is asked: two puts at once need one data key
  Entries sealing_ ABSL_GUARDED_BY(mutex_);
  Entries opening_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace riacho::internal
