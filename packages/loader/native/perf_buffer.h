#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "batch.h"
#include "source.h"

/**
 * A BPF_MAP_TYPE_PERF_EVENT_ARRAY: one buffer of at least `bufferBytes` (rounded up to a power of
 * two of pages) for each CPU, which wakes the reader when `wakeupBytes` are in it (at most half of
 * it). 0 or a negative errno.
 */
int OpenPerfBuffer(int mapFd, size_t bufferBytes, size_t wakeupBytes, Batcher& batcher,
                   std::unique_ptr<Source>& opened);
