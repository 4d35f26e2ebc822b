#include "clock.h"

#include <ctime>

namespace {

int64_t Read(clockid_t clock) {
  timespec time;
  clock_gettime(clock, &time);
  return static_cast<int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

uint64_t MonotonicNs() { return static_cast<uint64_t>(Read(CLOCK_MONOTONIC)); }

Napi::Value ClockOffset(const Napi::CallbackInfo& info) {
  // The two clocks can't be read at one moment: take one between two readings of the other, and of
  // several tries the one with the narrowest gap, which no interrupt or preemption has widened.
  int64_t offset = 0;
  int64_t narrowest = INT64_MAX;
  for (int i = 0; i < 32; i++) {
    const int64_t before = Read(CLOCK_MONOTONIC);
    const int64_t real = Read(CLOCK_REALTIME);
    const int64_t after = Read(CLOCK_MONOTONIC);
    if (after - before >= narrowest) continue;
    narrowest = after - before;
    offset = real - (before + narrowest / 2);
  }
  return Napi::BigInt::New(info.Env(), offset);
}
