#pragma once

#include <cstdint>
#include <memory>

#include "batch.h"
#include "source.h"

/** The `cpu` of a ring buffer's records: all CPUs share it and it does not say which one wrote. */
constexpr uint32_t kUnknownCpu = UINT32_MAX;

/** A BPF_MAP_TYPE_RINGBUF. 0 or a negative errno. */
int OpenRingBuffer(int mapFd, Batcher& batcher, std::unique_ptr<Source>& opened);
