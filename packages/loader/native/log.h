#pragma once

#include <napi.h>

#include <string>

/** Makes libbpf speak to LogCapture instead of stderr. Call once, before anything else of libbpf. */
void InstallLog();

/**
 * Collects what libbpf says (warnings and information, not its debug level) on the thread that
 * made it, for as long as it lives. The innermost one of a thread takes all.
 */
class LogCapture {
 public:
  LogCapture();
  ~LogCapture();
  LogCapture(const LogCapture&) = delete;
  LogCapture& operator=(const LogCapture&) = delete;

  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::string* outer_;
};

/**
 * A JavaScript Error with `message` in the words of strerror(3), `errno` (positive) and `log`; src/errors.ts
 * turns it into an EnvironmentError. `error` may have either sign.
 */
Napi::Error ErrnoError(Napi::Env env, int error, const std::string& log = {});
[[noreturn]] void ThrowErrno(Napi::Env env, int error, const std::string& log = {});
