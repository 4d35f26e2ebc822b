#pragma once

#include <napi.h>

/** (fd) -> true if it is a pipe or socket whose other end was closed. */
Napi::Value HungUp(const Napi::CallbackInfo& info);
