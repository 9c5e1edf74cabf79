// What tests of encrypted streams do first, on top of RecordWorld.
//
//   EncryptionWorld world;
//   world.Start("first");
//   world.Put("orders", "key", "data");
//   world.keys.DisableKey("first");
#pragma once

#include <string>
#include <utility>

#include "engine/record_fixture.h"
#include "riacho/security/key_store.h"

namespace riacho {

// A stream "orders", and keys "first" and "second".
class EncryptionWorld : public RecordWorld {
 public:
  explicit EncryptionWorld(EngineOptions options = WithoutThroughputLimits())
      : RecordWorld(std::move(options)), keys(engine.key_store()) {
    Create("orders");
    for (const std::string id : {"first", "second"})
      EXPECT_THAT(keys.CreateKey({.key_id = id, .alias = "alias/" + id}), Succeeds());
  }

  absl::Status TryStart(const std::string& key, const std::string& stream = "orders") {
    return kinesis
        ->StartStreamEncryption(
            {.stream_name = stream, .encryption_type = EncryptionType::kKms, .key_id = key})
        .status();
  }
  absl::Status TryStop(const std::string& key = "first") {
    return kinesis
        ->StopStreamEncryption(
            {.stream_name = "orders", .encryption_type = EncryptionType::kKms, .key_id = key})
        .status();
  }
  // The stream is ACTIVE when these return.
  void Start(const std::string& key) {
    ASSERT_THAT(TryStart(key), Succeeds());
    Advance(engine.options().lifecycle.update_stream);
  }
  void Stop() {
    ASSERT_THAT(TryStop(), Succeeds());
    Advance(engine.options().lifecycle.update_stream);
  }
  void LetDataKeysExpire() { Advance(absl::Minutes(5)); }

  KeyStore& keys;
};

}  // namespace riacho
