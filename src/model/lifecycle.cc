#include "riacho/model/lifecycle.h"

namespace riacho {

Lifecycle Lifecycle::Service() {
  return {.create_stream = absl::Seconds(6),
          .delete_stream = absl::Seconds(5),
          .update_stream = absl::Milliseconds(3500),
          .reshard = absl::Seconds(6),
          .update_shard_count = absl::Seconds(12),
          .update_shard_count_step = absl::Seconds(5),
          .hand_over = absl::Seconds(26),
          .hand_over_step = absl::Seconds(6),
          .register_consumer = absl::Seconds(4),
          .deregister_consumer = absl::Seconds(3)};
}

}  // namespace riacho
