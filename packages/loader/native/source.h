#pragma once

#include <vector>

/** How a reading ended. */
enum class Pass {
  kDone,     // all that was in the kernel's buffers when the round began has been read
  kFull,     // a batch is full: send it and read on
  kBlocked,  // a record is still being written by a BPF program: the rest must wait for it
};

/** The kernel buffers of one map: what the drain's thread reads. Used by one thread at a time. */
class Source {
 public:
  virtual ~Source() = default;
  /** Descriptors that become readable when the kernel wakes the reader. */
  virtual std::vector<int> WakeFds() const = 0;
  /**
   * Notes how far each buffer is filled. A round ends there, so that it ends also when the kernel
   * writes as fast as we read, and no CPU's buffer waits for another's.
   */
  virtual void BeginRound() = 0;
  /** Reads into the batcher given when it was opened, until one of the above. */
  virtual Pass Read() = 0;
};
