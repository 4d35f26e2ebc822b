#include "netns.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <thread>

int RunInNetns(const std::string& path, const std::function<void()>& work) {
  if (path.empty()) {
    work();
    return 0;
  }
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -errno;
  int error = 0;
  try {
    std::thread([&] {
      if (setns(fd, CLONE_NEWNET) != 0) {
        error = -errno;
      } else {
        work();
      }
    }).join();
  } catch (const std::system_error& failure) {  // no thread to be had
    error = -failure.code().value();
  }
  close(fd);
  return error;
}
