#pragma once

#include <napi.h>

/** (map) -> { type, keySize, valueSize, maxEntries }; `type` in libbpf's words, such as "ringbuf". */
Napi::Value MapFacts(const Napi::CallbackInfo& info);
/** (map, key, value size) -> bytes | undefined if there is no such key. */
Napi::Value MapLookup(const Napi::CallbackInfo& info);
/** (map, key, value) */
Napi::Value MapUpdate(const Napi::CallbackInfo& info);
/** () -> number of CPUs that a per-CPU value has room for. */
Napi::Value PossibleCpus(const Napi::CallbackInfo& info);
