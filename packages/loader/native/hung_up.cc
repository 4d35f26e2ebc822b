#include "hung_up.h"

#include <poll.h>

#include "handle.h"

Napi::Value HungUp(const Napi::CallbackInfo& info) {
  // Asks for nothing: the two below are told unasked. POLLERR is a pipe without a reader (poll(2)).
  pollfd asked = {static_cast<int>(ArgU32(info, 0)), 0, 0};
  const bool gone = poll(&asked, 1, 0) > 0 && (asked.revents & (POLLERR | POLLHUP)) != 0;
  return Napi::Boolean::New(info.Env(), gone);
}
