// The part of SideBySide that goes on with another engine.
#include <sstream>

#include "model_based/side_by_side.h"
#include "riacho/engine/snapshot.h"

namespace riacho::model_based {

// Saves the engine, and loads another one of another seed. Everything that was handed out stays
// valid but the subscriptions, which end with their engine; the reference does not hear of it.
void SideBySide::ChangeEngine() {
  Say("another engine");
  subscriptions_.clear();
  std::stringstream snapshot;
  if (const absl::Status saved = SaveSnapshot(*engine_, snapshot); !saved.ok())
    return Differ("save", saved.ToString(), "ok");
  auto next = std::make_unique<Engine>(
      clock_,
      EngineOptions{.limits = limits_, .lifecycle = lifecycle_, .seed = choices_.random.Next()});
  if (const absl::Status loaded = LoadSnapshot(snapshot, *next); !loaded.ok())
    return Differ("load", loaded.ToString(), "ok");
  std::stringstream again;
  if (const absl::Status saved = SaveSnapshot(*next, again); !saved.ok())
    return Differ("save again", saved.ToString(), "ok");
  if (snapshot.str() != again.str()) return Differ("snapshot", "another one", "the same");
  clients_.clear();
  engine_ = std::move(next);
  for (const NaiveCaller& caller : callers_)
    clients_.push_back(engine_->NewClient(PrincipalOf(caller)));
  SetCaller(0);
}

}  // namespace riacho::model_based
