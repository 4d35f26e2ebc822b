#pragma once

#include <napi.h>

#include <cstdint>

/** CLOCK_MONOTONIC in ns, the clock of bpf_ktime_get_ns(). */
uint64_t MonotonicNs();
/** () -> bigint: CLOCK_REALTIME - CLOCK_MONOTONIC in ns, now. */
Napi::Value ClockOffset(const Napi::CallbackInfo& info);
