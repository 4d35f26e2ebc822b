#include "batch.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "clock.h"

namespace {

constexpr size_t kEntryHeader = 8;  // u32 length, u32 cpu

}  // namespace

void Batch::Free::operator()(uint8_t* memory) const { std::free(memory); }

bool Batcher::Take(uint32_t cpu, const void* sample, uint32_t size) {
  const size_t need = (kEntryHeader + size + 7) & ~size_t{7};
  bool fitted = true;
  if (current_ != nullptr && current_->size + need > current_->capacity) {
    full_ = std::move(current_);
    fitted = false;
  }
  if (!Append(cpu, sample, size, need)) Lost(1);
  return fitted;
}

bool Batcher::Append(uint32_t cpu, const void* sample, uint32_t size, size_t need) {
  if (current_ == nullptr) {
    auto fresh = std::make_unique<Batch>();
    fresh->capacity = std::max(batchBytes_, need);
    fresh->data.reset(static_cast<uint8_t*>(std::malloc(fresh->capacity)));
    if (fresh->data == nullptr) return false;
    fresh->startedNs = MonotonicNs();
    current_ = std::move(fresh);
  }
  uint8_t* entry = current_->data.get() + current_->size;
  std::memcpy(entry, &size, 4);
  std::memcpy(entry + 4, &cpu, 4);
  std::memcpy(entry + kEntryHeader, sample, size);
  // The padding goes to JavaScript too: no stale heap in it.
  std::memset(entry + kEntryHeader + size, 0, need - kEntryHeader - size);
  current_->size += need;
  current_->records++;
  return true;
}

std::unique_ptr<Batch> Batcher::TakeCurrent() {
  if (current_ == nullptr) return std::make_unique<Batch>();
  std::unique_ptr<Batch> taken = std::move(current_);
  // A batch sent for its age may hold one packet, and JavaScript may keep it for long.
  if (taken->size < taken->capacity / 2) {
    void* shrunk = std::realloc(taken->data.get(), taken->size);
    if (shrunk != nullptr) {
      taken->data.release();
      taken->data.reset(static_cast<uint8_t*>(shrunk));
    }
  }
  return taken;
}
