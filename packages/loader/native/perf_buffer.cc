#include "perf_buffer.h"

#include <bpf/libbpf.h>
#include <linux/perf_event.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace {

// The records as perf_event_open(2) lays them out with sample_type PERF_SAMPLE_RAW.
struct RawSample {
  perf_event_header header;
  uint32_t size;  // of data, with the kernel's padding
  char data[];
};
struct LostRecord {
  perf_event_header header;
  uint64_t id;
  uint64_t lost;
};

class PerfBuffer final : public Source {
 public:
  explicit PerfBuffer(Batcher& batcher) : batcher_(batcher) {}
  ~PerfBuffer() override { perf_buffer__free(perf_); }  // takes NULL

  int Open(int mapFd, size_t bufferBytes, size_t wakeupBytes) {
    const size_t pageSize = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    size_t pages = 1;
    while (pages * pageSize < bufferBytes) pages *= 2;

    perf_event_attr attributes = {};
    attributes.size = sizeof attributes;
    attributes.type = PERF_TYPE_SOFTWARE;
    attributes.config = PERF_COUNT_SW_BPF_OUTPUT;
    attributes.sample_type = PERF_SAMPLE_RAW;
    attributes.sample_period = 1;
    attributes.watermark = 1;
    attributes.wakeup_watermark = static_cast<uint32_t>(std::min(wakeupBytes, pages * pageSize / 2));
    perf_ = perf_buffer__new_raw(mapFd, pages, &attributes, OnEvent, this, nullptr);
    if (perf_ == nullptr) return -errno;

    for (size_t i = 0; i < perf_buffer__buffer_cnt(perf_); i++) {
      void* base;
      size_t size;
      const int error = perf_buffer__buffer(perf_, static_cast<int>(i), &base, &size);
      if (error != 0) return error;
      buffers_.push_back({static_cast<perf_event_mmap_page*>(base), 0});
    }
    return 0;
  }

  std::vector<int> WakeFds() const override {
    std::vector<int> fds;
    for (size_t i = 0; i < buffers_.size(); i++) fds.push_back(perf_buffer__buffer_fd(perf_, i));
    return fds;
  }

  void BeginRound() override {
    next_ = 0;
    for (Buffer& buffer : buffers_) buffer.end = __atomic_load_n(&buffer.control->data_head, __ATOMIC_ACQUIRE);
  }

  Pass Read() override {
    for (; next_ < buffers_.size(); next_++) {
      const Buffer& buffer = buffers_[next_];
      // Only this thread writes data_tail. Both positions are bytes, ever growing.
      while (static_cast<int64_t>(buffer.end - buffer.control->data_tail) > 0) {
        full_ = false;
        const int error = perf_buffer__consume_buffer(perf_, next_);
        if (full_) return Pass::kFull;
        if (error != 0) break;  // never seen; must not loop for ever
      }
    }
    return Pass::kDone;
  }

 private:
  struct Buffer {
    perf_event_mmap_page* control;
    uint64_t end;
  };

  static bpf_perf_event_ret OnEvent(void* context, int cpu, perf_event_header* event) {
    auto* self = static_cast<PerfBuffer*>(context);
    if (event->type == PERF_RECORD_LOST) {
      self->batcher_.Lost(reinterpret_cast<LostRecord*>(event)->lost);
      return LIBBPF_PERF_EVENT_CONT;
    }
    if (event->type != PERF_RECORD_SAMPLE) return LIBBPF_PERF_EVENT_CONT;
    const auto* sample = reinterpret_cast<RawSample*>(event);
    if (self->batcher_.Take(static_cast<uint32_t>(cpu), sample->data, sample->size)) {
      return LIBBPF_PERF_EVENT_CONT;
    }
    self->full_ = true;
    return LIBBPF_PERF_EVENT_DONE;  // stop after this record, which counts as read
  }

  Batcher& batcher_;
  perf_buffer* perf_ = nullptr;
  std::vector<Buffer> buffers_;
  size_t next_ = 0;
  bool full_ = false;
};

}  // namespace

int OpenPerfBuffer(int mapFd, size_t bufferBytes, size_t wakeupBytes, Batcher& batcher,
                   std::unique_ptr<Source>& opened) {
  auto perf = std::make_unique<PerfBuffer>(batcher);
  const int error = perf->Open(mapFd, bufferBytes, wakeupBytes);
  if (error == 0) opened = std::move(perf);
  return error;
}
