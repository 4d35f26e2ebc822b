#include "ring_buffer.h"

#include <bpf/libbpf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

namespace {

class RingBuffer final : public Source {
 public:
  RingBuffer(int mapFd, Batcher& batcher) : mapFd_(mapFd), batcher_(batcher) {}
  ~RingBuffer() override {
    ring_buffer__free(ring_);  // takes NULL
    if (positions_ != nullptr) munmap(positions_, 2 * pageSize_);
  }

  int Open() {
    // libbpf says only from 1.3 on how far the producer is. The kernel offers the two positions
    // (unsigned long, ever growing) at the start of the map's first two pages; see ringbuf.c,
    // ringbuf_map_mmap_kern: read-only mappings may span both.
    void* mapped = mmap(nullptr, 2 * pageSize_, PROT_READ, MAP_SHARED, mapFd_, 0);
    if (mapped == MAP_FAILED) return -errno;
    positions_ = static_cast<char*>(mapped);
    ring_ = ring_buffer__new(mapFd_, OnSample, this, nullptr);
    return ring_ == nullptr ? -errno : 0;
  }

  std::vector<int> WakeFds() const override { return {mapFd_}; }
  void BeginRound() override { end_ = Position(pageSize_); }

  Pass Read() override {
    while (static_cast<long>(end_ - Position(0)) > 0) {
      full_ = false;
      ring_buffer__consume(ring_);  // fails only as OnSample says
      if (full_) return Pass::kFull;
      if (static_cast<long>(end_ - Position(0)) > 0) return Pass::kBlocked;
    }
    return Pass::kDone;
  }

 private:
  static int OnSample(void* context, void* data, size_t size) {
    auto* self = static_cast<RingBuffer*>(context);
    if (self->batcher_.Take(kUnknownCpu, data, static_cast<uint32_t>(size))) return 0;
    self->full_ = true;
    return -ECANCELED;  // stop after this record, which counts as read
  }

  /** 0: the consumer's; page size: the producer's. */
  unsigned long Position(size_t offset) const {
    return __atomic_load_n(reinterpret_cast<unsigned long*>(positions_ + offset), __ATOMIC_ACQUIRE);
  }

  int mapFd_;
  Batcher& batcher_;
  size_t pageSize_ = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  char* positions_ = nullptr;
  ring_buffer* ring_ = nullptr;
  unsigned long end_ = 0;
  bool full_ = false;
};

}  // namespace

int OpenRingBuffer(int mapFd, Batcher& batcher, std::unique_ptr<Source>& opened) {
  auto ring = std::make_unique<RingBuffer>(mapFd, batcher);
  const int error = ring->Open();
  if (error == 0) opened = std::move(ring);
  return error;
}
