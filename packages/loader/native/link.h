#pragma once

#include <napi.h>

/** (program) -> link handle: attached where its section says. */
Napi::Value LinkAttach(const Napi::CallbackInfo& info);
/** (program, ifindex, netns path or '') -> link handle. */
Napi::Value LinkAttachXdp(const Napi::CallbackInfo& info);
/** (link) Detaches. Idempotent. */
Napi::Value LinkClose(const Napi::CallbackInfo& info);
