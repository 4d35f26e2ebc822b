#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

/**
 * A run of entries as src/batch.ts describes them, on its way to JavaScript. `data` comes from
 * malloc, since JavaScript's ArrayBuffer takes it over and frees it.
 */
struct Batch {
  struct Free {
    void operator()(uint8_t* memory) const;
  };
  std::unique_ptr<uint8_t[], Free> data;
  size_t size = 0;
  size_t capacity = 0;
  uint32_t records = 0;
  uint64_t startedNs = 0;  // CLOCK_MONOTONIC when its first record was taken

  uint64_t roundStart = 0;
  bool roundEnd = false;
  uint64_t flushed = 0;  // number of the flush that it completes; 0: none
};

/** Puts samples one after another into batches of a given size. */
class Batcher {
 public:
  explicit Batcher(size_t batchBytes) : batchBytes_(batchBytes) {}

  /**
   * Takes a sample in any case. False if that completed a batch (this sample did not fit into it):
   * TakeFull() must be called before the next Take().
   */
  bool Take(uint32_t cpu, const void* sample, uint32_t size);
  /** The kernel (or we, out of memory) lost so many records. */
  void Lost(uint64_t count) { lost_ += count; }

  std::unique_ptr<Batch> TakeFull() { return std::move(full_); }
  /** What has been collected since, perhaps nothing; never NULL. */
  std::unique_ptr<Batch> TakeCurrent();

  bool empty() const { return current_ == nullptr; }
  uint64_t startedNs() const { return current_->startedNs; }
  uint64_t lost() const { return lost_; }

 private:
  bool Append(uint32_t cpu, const void* sample, uint32_t size, size_t need);

  size_t batchBytes_;
  std::unique_ptr<Batch> full_;
  std::unique_ptr<Batch> current_;
  uint64_t lost_ = 0;
};
