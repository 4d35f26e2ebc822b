#include "link.h"

#include <bpf/libbpf.h>

#include <cerrno>

#include "handle.h"
#include "log.h"
#include "netns.h"

namespace {

// All our links are file descriptors of the kernel's bpf_link kind: when the process dies, however
// it dies, the kernel closes them and that detaches.
struct Link {
  bpf_link* link;

  ~Link() { Close(); }
  void Close() {
    bpf_link__destroy(link);  // takes NULL
    link = nullptr;
  }
};

}  // namespace

Napi::Value LinkAttach(const Napi::CallbackInfo& info) {
  LogCapture log;
  bpf_link* link = bpf_program__attach(&ArgHandle<bpf_program>(info, 0));
  if (link == nullptr) ThrowErrno(info.Env(), errno, log.text());
  return OwnedHandle(info.Env(), new Link{link});
}

Napi::Value LinkAttachXdp(const Napi::CallbackInfo& info) {
  const bpf_program& program = ArgHandle<bpf_program>(info, 0);
  const int ifindex = static_cast<int>(ArgU32(info, 1));
  bpf_link* link = nullptr;
  int attachError = 0;
  std::string text;
  const int netnsError = RunInNetns(ArgString(info, 2), [&] {
    LogCapture log;
    link = bpf_program__attach_xdp(&program, ifindex);
    if (link == nullptr) attachError = errno;
    text = log.text();
  });
  if (netnsError != 0) ThrowErrno(info.Env(), netnsError, kNetnsNotEntered);
  if (link == nullptr) ThrowErrno(info.Env(), attachError, text);
  return OwnedHandle(info.Env(), new Link{link});
}

Napi::Value LinkClose(const Napi::CallbackInfo& info) {
  LogCapture quiet;
  ArgHandle<Link>(info, 0).Close();
  return info.Env().Undefined();
}
