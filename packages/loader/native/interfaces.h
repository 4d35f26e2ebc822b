#pragma once

#include <napi.h>

/** (netns path or '') -> { index, name, type, flags, mtu }[]: all of them, up or down. */
Napi::Value ListInterfaces(const Napi::CallbackInfo& info);
