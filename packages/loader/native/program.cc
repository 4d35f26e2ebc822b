#include "program.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>
#include <thread>
#include <vector>

#include "handle.h"
#include "log.h"

namespace {

// What a program may add to the packet (bpf_xdp_adjust_head has 256 bytes of headroom at most, an
// enlarged tail ends with its page); the kernel says ENOSPC if this is too little.
constexpr size_t kGrowth = 4096;

struct TestRun {
  std::vector<uint8_t> in;
  uint32_t repeat;
  std::vector<uint8_t> out = {};
  uint32_t retval = 0;
  uint32_t durationNs = 0;

  /** 0 or a negative errno. */
  int Run(int fd) {
    out.resize(in.size() + kGrowth);
    LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = in.data(), .data_out = out.data(),
                .data_size_in = static_cast<uint32_t>(in.size()),
                .data_size_out = static_cast<uint32_t>(out.size()), .repeat = static_cast<int>(repeat));
    // A pending signal ends the repetition with EINTR, whatever the signal (Node gets SIGCHLD): let
    // them wait. SIGKILL does not.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const int error = bpf_prog_test_run_opts(fd, &options);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (error != 0) return error;
    out.resize(options.data_size_out);
    retval = options.retval;
    durationNs = options.duration;
    return 0;
  }

  Napi::Value ToJs(Napi::Env env) const {
    Napi::Uint8Array data = Napi::Uint8Array::New(env, out.size());
    if (!out.empty()) std::memcpy(data.Data(), out.data(), out.size());
    Napi::Object result = Napi::Object::New(env);
    result["retval"] = Napi::Number::New(env, retval);
    result["data"] = data;
    result["durationNs"] = Napi::Number::New(env, durationNs);
    return result;
  }
};

TestRun FromArguments(const Napi::CallbackInfo& info) {
  const Napi::Uint8Array data = ArgBytes(info, 1);
  return TestRun{{data.Data(), data.Data() + data.ByteLength()}, ArgU32(info, 2)};
}

class TestRunWorker final : public Napi::AsyncWorker {
 public:
  // The program's descriptor is copied, so that closing the object meanwhile is harmless.
  TestRunWorker(Napi::Env env, int fd, TestRun run)
      : Napi::AsyncWorker(env),
        deferred_(Napi::Promise::Deferred::New(env)),
        fd_(fcntl(fd, F_DUPFD_CLOEXEC, 3)),
        run_(std::move(run)) {}
  ~TestRunWorker() override {
    if (fd_ >= 0) close(fd_);
  }
  Napi::Promise promise() const { return deferred_.Promise(); }

 protected:
  void Execute() override { error_ = run_.Run(fd_); }
  void OnOK() override {
    try {
      if (error_ == 0) {
        deferred_.Resolve(run_.ToJs(Env()));
      } else {
        deferred_.Reject(ErrnoError(Env(), error_).Value());
      }
    } catch (const Napi::Error&) {
      // A worker is being terminated: nobody waits for this any more.
    }
  }

 private:
  Napi::Promise::Deferred deferred_;
  int fd_;
  TestRun run_;
  int error_ = 0;
};

}  // namespace

Napi::Value ProgramTestRun(const Napi::CallbackInfo& info) {
  TestRun run = FromArguments(info);
  const int fd = bpf_program__fd(&ArgHandle<bpf_program>(info, 0));
  int error = 0;
  try {
    // Not on this thread: the event loop's io_uring interrupts it as a signal would (Node 24).
    std::thread([&] { error = run.Run(fd); }).join();
  } catch (const std::system_error& failure) {  // no thread to be had
    error = failure.code().value();
  }
  if (error != 0) ThrowErrno(info.Env(), error);
  return run.ToJs(info.Env());
}

Napi::Value ProgramTestRunAsync(const Napi::CallbackInfo& info) {
  const int fd = bpf_program__fd(&ArgHandle<bpf_program>(info, 0));
  auto* worker = new TestRunWorker(info.Env(), fd, FromArguments(info));
  Napi::Promise promise = worker->promise();
  worker->Queue();  // deletes itself
  return promise;
}

Napi::Value ProgramInfo(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  bpf_prog_info facts = {};  // the kernel leaves what it does not know at 0
  uint32_t size = sizeof facts;
  const int error = bpf_obj_get_info_by_fd(bpf_program__fd(&ArgHandle<bpf_program>(info, 0)), &facts, &size);
  if (error != 0) ThrowErrno(env, error);
  Napi::Object result = Napi::Object::New(env);
  const auto number = [&](const char* name, uint64_t value) {
    result[name] = Napi::Number::New(env, static_cast<double>(value));
  };
  number("id", facts.id);
  number("type", facts.type);
  number("runCount", facts.run_cnt);
  number("runTimeNs", facts.run_time_ns);
  number("recursionMisses", facts.recursion_misses);
  number("verifiedInstructions", facts.verified_insns);
  number("jitedLength", facts.jited_prog_len);
  number("xlatedLength", facts.xlated_prog_len);
  return result;
}
