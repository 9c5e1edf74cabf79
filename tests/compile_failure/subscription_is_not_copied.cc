// A subscription is a handle: two owners would both believe that they hold the shard.
#include "riacho/client/subscription.h"

void Use(riacho::Subscription& subscription) {
#ifdef RIACHO_WRONG_USE
  subscription = subscription;
#endif
  static_cast<void>(subscription);
}
