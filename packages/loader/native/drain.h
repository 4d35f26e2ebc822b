#pragma once

#include <napi.h>

/**
 * (map, bufferBytes, batchBytes, wakeupBytes, flushMs, onBatch) -> drain handle, its thread
 * running. onBatch(data: ArrayBuffer, records, roundStart: bigint, roundEnd, flushed) must not
 * throw. bufferBytes and wakeupBytes are for perf event arrays.
 */
Napi::Value DrainOpen(const Napi::CallbackInfo& info);
/** (drain, paused) */
Napi::Value DrainPause(const Napi::CallbackInfo& info);
/** (drain) -> n: a later onBatch with flushed >= n says that all that is there now was delivered. */
Napi::Value DrainFlush(const Napi::CallbackInfo& info);
/** (drain) -> { records, batches, bytes, lost: bigint } delivered so far. Also after closing. */
Napi::Value DrainStats(const Napi::CallbackInfo& info);
/** (drain) Ends the thread; no onBatch after it. Idempotent. */
Napi::Value DrainClose(const Napi::CallbackInfo& info);
