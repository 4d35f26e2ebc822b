#include "drain.h"

#include <bpf/libbpf.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <memory>
#include <system_error>
#include <thread>

#include "batch.h"
#include "clock.h"
#include "handle.h"
#include "log.h"
#include "perf_buffer.h"
#include "ring_buffer.h"

namespace {

// Batches on their way to or in JavaScript. When they are used up the thread waits, the kernel's
// buffers fill, and the BPF program counts what it could not write: memory never grows.
constexpr int kCredits = 8;

class Drain;
using Self = std::shared_ptr<Drain>;
void CallJs(Napi::Env env, Napi::Function onBatch, Self* self, Batch* sent);
using Channel = Napi::TypedThreadSafeFunction<Self, Batch, CallJs>;

struct Settings {
  size_t bufferBytes;
  size_t batchBytes;
  size_t wakeupBytes;
  uint32_t flushMs;
};

class Drain : public std::enable_shared_from_this<Drain> {
 public:
  explicit Drain(const Settings& settings)
      : flushMs_(static_cast<int>(settings.flushMs)), batcher_(settings.batchBytes) {}
  ~Drain() { CloseFds(); }

  int Open(const bpf_map& map, const Settings& settings);
  void Start(Napi::Env env, Napi::Function onBatch);

  // On JavaScript's thread.
  void Pause(bool paused);
  uint64_t Flush();
  void Deliver(Napi::Env env, Napi::Function onBatch, std::unique_ptr<Batch> batch);
  void Close();
  Napi::Value Stats(Napi::Env env) const;

 private:
  // On the drain's own thread. Never waits for anything but `control_` with a source or the time
  // beside it: Close() joins it on JavaScript's thread.
  void Run();
  bool WaitForSources();
  void WaitForControl();
  bool Round(bool hurry);
  bool Send(std::unique_ptr<Batch> batch, uint64_t roundStart, bool roundEnd, uint64_t flushed);

  void Wake() const { eventfd_write(control_, 1); }
  void CloseFds();

  const int flushMs_;
  Batcher batcher_;
  std::unique_ptr<Source> source_;
  int control_ = -1;
  int epoll_ = -1;
  std::thread thread_;

  std::atomic<bool> stop_{false};
  std::atomic<bool> paused_{false};
  std::atomic<uint64_t> flushAsked_{0};
  std::atomic<int> credits_{kCredits};
  std::atomic<bool> wantsCredit_{false};
  std::atomic<uint64_t> lost_{0};

  // The thread's own.
  uint64_t flushDone_ = 0;
  bool owesRoundEnd_ = false;

  // JavaScript's thread's own.
  Channel channel_;
  napi_env env_ = nullptr;
  bool closed_ = false;
  double records_ = 0;
  double batches_ = 0;
  double bytes_ = 0;
};

int Drain::Open(const bpf_map& map, const Settings& settings) {
  const int mapFd = bpf_map__fd(&map);
  const int error = bpf_map__type(&map) == BPF_MAP_TYPE_RINGBUF
                        ? OpenRingBuffer(mapFd, batcher_, source_)
                        : OpenPerfBuffer(mapFd, settings.bufferBytes, settings.wakeupBytes, batcher_, source_);
  if (error != 0) return error;

  control_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  if (control_ < 0 || epoll_ < 0) return -errno;
  epoll_event event = {};
  event.events = EPOLLIN;
  event.data.fd = control_;
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, control_, &event) != 0) return -errno;
  // Edge-triggered: a ring buffer is "readable" whenever it holds anything, which would undo the
  // wake-ups that the BPF side withholds. An edge comes only when the kernel really wakes.
  event.events = EPOLLIN | EPOLLET;
  for (const int fd : source_->WakeFds()) {
    event.data.fd = fd;
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) != 0) return -errno;
  }
  return 0;
}

void CleanUp(void* drain) { static_cast<Drain*>(drain)->Close(); }

void Drain::Start(Napi::Env env, Napi::Function onBatch) {
  env_ = env;
  channel_ = Channel::New(env, onBatch, "hookdump drain", 0, 1, new Self(shared_from_this()),
                          [](Napi::Env, void*, Self* self) {
                            (*self)->Close();
                            delete self;
                          });
  // Registered after the channel, hence run before the channel's own clean-up, which would delete
  // it under the thread's hands.
  napi_add_env_cleanup_hook(env, CleanUp, this);

  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);  // signals are for Node's threads
  try {
    thread_ = std::thread(&Drain::Run, this);
    pthread_setname_np(thread_.native_handle(), "hookdump-drain");
  } catch (const std::system_error& failure) {
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    Close();
    ThrowErrno(env, failure.code().value());
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void Drain::Run() {
  while (!stop_) {
    if (paused_ && flushAsked_ == flushDone_) {
      WaitForControl();
      continue;
    }
    const bool woken = WaitForSources();
    // Woken by a full buffer: there is time to collect more. Else this was the flush interval.
    if (stop_ || !Round(!woken)) return;
  }
}

/** True if the kernel woke us; false if the time or the control did. */
bool Drain::WaitForSources() {
  int timeout = flushMs_;
  if (!batcher_.empty()) {
    const int64_t age = static_cast<int64_t>(MonotonicNs() - batcher_.startedNs()) / 1'000'000;
    timeout = age >= flushMs_ ? 0 : static_cast<int>(flushMs_ - age);
  }
  epoll_event events[16];
  const int count = epoll_wait(epoll_, events, 16, timeout);
  bool source = false;
  for (int i = 0; i < count; i++) {
    if (events[i].data.fd != control_) {
      source = true;
      continue;
    }
    eventfd_t ignored;
    eventfd_read(control_, &ignored);
  }
  return source;
}

void Drain::WaitForControl() {
  pollfd control = {control_, POLLIN, 0};
  if (poll(&control, 1, -1) <= 0) return;
  eventfd_t ignored;
  eventfd_read(control_, &ignored);
}

/** Reads all buffers once. False if the drain is being closed. */
bool Drain::Round(bool hurry) {
  const uint64_t asked = flushAsked_;
  const uint64_t start = MonotonicNs();
  source_->BeginRound();
  Pass pass;
  while ((pass = source_->Read()) == Pass::kFull) {
    if (!Send(batcher_.TakeFull(), start, false, 0)) return false;
  }
  lost_ = batcher_.lost();

  const bool complete = pass == Pass::kDone;
  const bool flush = complete && asked != flushDone_;
  if (batcher_.empty()) {
    // One empty end of round after the last records lets their reader stop waiting for others.
    if (!flush && !(complete && owesRoundEnd_)) return true;
  } else if (!hurry && !flush) {
    const uint64_t age = MonotonicNs() - batcher_.startedNs();
    if (age < static_cast<uint64_t>(flushMs_) * 1'000'000) return true;
  }
  if (!Send(batcher_.TakeCurrent(), start, complete, flush ? asked : 0)) return false;
  if (flush) flushDone_ = asked;
  return true;
}

/** False if the drain is being closed (the batch is dropped then). */
bool Drain::Send(std::unique_ptr<Batch> batch, uint64_t roundStart, bool roundEnd, uint64_t flushed) {
  wantsCredit_ = true;  // before looking at credits_: whoever gives one after that look wakes us
  while (credits_ == 0 && !stop_) WaitForControl();
  wantsCredit_ = false;
  if (stop_) return false;
  credits_--;
  batch->roundStart = roundStart;
  batch->roundEnd = roundEnd;
  batch->flushed = flushed;
  owesRoundEnd_ = batch->records > 0 || (owesRoundEnd_ && !roundEnd);
  if (channel_.NonBlockingCall(batch.get()) != napi_ok) return false;  // the environment ends
  batch.release();  // CallJs has it now
  return true;
}

void CallJs(Napi::Env env, Napi::Function onBatch, Self* self, Batch* sent) {
  std::unique_ptr<Batch> batch(sent);
  if (static_cast<napi_env>(env) != nullptr) (*self)->Deliver(env, onBatch, std::move(batch));
}

void Drain::Deliver(Napi::Env env, Napi::Function onBatch, std::unique_ptr<Batch> batch) {
  if (closed_) return;
  const Self keepAlive = shared_from_this();  // onBatch may close us
  records_ += batch->records;
  bytes_ += static_cast<double>(batch->size);
  if (batch->records > 0) batches_++;
  try {
    const size_t size = batch->size;
    uint8_t* memory = batch->data.release();
    Napi::ArrayBuffer data =
        size == 0 ? Napi::ArrayBuffer::New(env, 0)
                  : Napi::ArrayBuffer::New(env, memory, size, [](Napi::Env, void* dead) { std::free(dead); });
    onBatch.Call({data, Napi::Number::New(env, batch->records), Napi::BigInt::New(env, batch->roundStart),
                  Napi::Boolean::New(env, batch->roundEnd),
                  Napi::Number::New(env, static_cast<double>(batch->flushed))});
  } catch (const Napi::Error&) {
    // onBatch catches whatever is thrown in JavaScript: this is a worker being terminated.
  }
  credits_++;
  if (wantsCredit_ && !closed_) Wake();
}

void Drain::Pause(bool paused) {
  if (closed_) return;
  paused_ = paused;
  Wake();
}

uint64_t Drain::Flush() {
  const uint64_t number = ++flushAsked_;
  if (!closed_) Wake();
  return number;
}

Napi::Value Drain::Stats(Napi::Env env) const {
  Napi::Object stats = Napi::Object::New(env);
  stats["records"] = Napi::Number::New(env, records_);
  stats["batches"] = Napi::Number::New(env, batches_);
  stats["bytes"] = Napi::Number::New(env, bytes_);
  stats["lost"] = Napi::BigInt::New(env, lost_.load());
  return stats;
}

void Drain::Close() {
  if (closed_) return;
  closed_ = true;
  stop_ = true;
  Wake();
  if (thread_.joinable()) thread_.join();
  LogCapture quiet;
  source_.reset();
  CloseFds();
  napi_remove_env_cleanup_hook(env_, CleanUp, this);
  channel_.Release();  // lets the process end; what is still queued is dropped by Deliver
}

void Drain::CloseFds() {
  if (epoll_ >= 0) close(epoll_);
  if (control_ >= 0) close(control_);
  epoll_ = control_ = -1;
}

}  // namespace

Napi::Value DrainOpen(const Napi::CallbackInfo& info) {
  const Settings settings{ArgU32(info, 1), ArgU32(info, 2), ArgU32(info, 3), ArgU32(info, 4)};
  LogCapture log;
  auto drain = std::make_shared<Drain>(settings);
  const int error = drain->Open(ArgHandle<bpf_map>(info, 0), settings);
  if (error != 0) ThrowErrno(info.Env(), error, log.text());
  drain->Start(info.Env(), info[5].As<Napi::Function>());
  return OwnedHandle(info.Env(), new Self(std::move(drain)));
}

Napi::Value DrainPause(const Napi::CallbackInfo& info) {
  ArgHandle<Self>(info, 0)->Pause(info[1].As<Napi::Boolean>());
  return info.Env().Undefined();
}

Napi::Value DrainFlush(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(ArgHandle<Self>(info, 0)->Flush()));
}

Napi::Value DrainStats(const Napi::CallbackInfo& info) {
  return ArgHandle<Self>(info, 0)->Stats(info.Env());
}

Napi::Value DrainClose(const Napi::CallbackInfo& info) {
  ArgHandle<Self>(info, 0)->Close();
  return info.Env().Undefined();
}
