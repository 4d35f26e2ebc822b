#include "interfaces.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "handle.h"
#include "log.h"
#include "netns.h"

namespace {

struct Interface {
  int index;
  uint16_t type;
  uint32_t flags;
  std::string name = {};
  uint32_t mtu = 0;
};

Interface Parse(nlmsghdr* message) {
  auto* link = static_cast<ifinfomsg*>(NLMSG_DATA(message));
  Interface found{link->ifi_index, link->ifi_type, link->ifi_flags};
  int left = static_cast<int>(IFLA_PAYLOAD(message));
  for (rtattr* attribute = IFLA_RTA(link); RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
    if (attribute->rta_type == IFLA_IFNAME) found.name = static_cast<char*>(RTA_DATA(attribute));
    if (attribute->rta_type == IFLA_MTU) std::memcpy(&found.mtu, RTA_DATA(attribute), sizeof found.mtu);
  }
  return found;
}

/** Reads one rtnetlink(7) dump; 0 or a negative errno. */
int ReadDump(int socket, std::vector<Interface>& all) {
  alignas(nlmsghdr) static thread_local char buffer[64 * 1024];  // the kernel sends 32 KiB at most
  for (;;) {
    const ssize_t received = recv(socket, buffer, sizeof buffer, 0);
    if (received < 0 && errno == EINTR) continue;
    if (received < 0) return -errno;
    size_t left = static_cast<size_t>(received);
    for (auto* message = reinterpret_cast<nlmsghdr*>(buffer); NLMSG_OK(message, left);
         message = NLMSG_NEXT(message, left)) {
      if (message->nlmsg_type == NLMSG_DONE) return 0;
      if (message->nlmsg_type == NLMSG_ERROR) return static_cast<nlmsgerr*>(NLMSG_DATA(message))->error;
      if (message->nlmsg_type == RTM_NEWLINK) all.push_back(Parse(message));
    }
  }
}

int List(std::vector<Interface>& all) {
  const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (fd < 0) return -errno;
  struct {
    nlmsghdr header;
    ifinfomsg link;
  } request = {};
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = RTM_GETLINK;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  const int error = send(fd, &request, sizeof request, 0) < 0 ? -errno : ReadDump(fd, all);
  close(fd);
  return error;
}

}  // namespace

Napi::Value ListInterfaces(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  std::vector<Interface> all;
  int listError = 0;
  const int netnsError = RunInNetns(ArgString(info, 0), [&] { listError = List(all); });
  if (netnsError != 0) ThrowErrno(env, netnsError, kNetnsNotEntered);
  if (listError != 0) ThrowErrno(env, listError);
  Napi::Array result = Napi::Array::New(env, all.size());
  for (size_t i = 0; i < all.size(); i++) {
    Napi::Object entry = Napi::Object::New(env);
    entry["index"] = Napi::Number::New(env, all[i].index);
    entry["name"] = Napi::String::New(env, all[i].name);
    entry["type"] = Napi::Number::New(env, all[i].type);
    entry["flags"] = Napi::Number::New(env, all[i].flags);
    entry["mtu"] = Napi::Number::New(env, all[i].mtu);
    result[static_cast<uint32_t>(i)] = entry;
  }
  return result;
}
