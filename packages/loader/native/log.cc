#include "log.h"

#include <bpf/libbpf.h>

#include <cstdarg>
#include <cstdio>
#include <cstdlib>

namespace {

thread_local std::string* current = nullptr;

int Print(enum libbpf_print_level level, const char* format, va_list args) {
  if (level == LIBBPF_DEBUG || current == nullptr) return 0;
  va_list again;
  va_copy(again, args);
  const int length = std::vsnprintf(nullptr, 0, format, args);
  if (length > 0) {
    const size_t before = current->size();
    current->resize(before + static_cast<size_t>(length) + 1);  // vsnprintf ends with a NUL
    std::vsnprintf(&(*current)[before], static_cast<size_t>(length) + 1, format, again);
    current->pop_back();
  }
  va_end(again);
  return length;
}

}  // namespace

void InstallLog() { libbpf_set_print(Print); }

LogCapture::LogCapture() : outer_(current) { current = &text_; }
LogCapture::~LogCapture() { current = outer_; }

Napi::Error ErrnoError(Napi::Env env, int error, const std::string& log) {
  const int positive = std::abs(error);
  char words[128];
  libbpf_strerror(positive, words, sizeof words);  // knows those of libbpf, from 4000 on, too
  Napi::Error made = Napi::Error::New(env, words);
  made.Set("errno", Napi::Number::New(env, positive));
  made.Set("log", Napi::String::New(env, log));
  return made;
}

void ThrowErrno(Napi::Env env, int error, const std::string& log) { throw ErrnoError(env, error, log); }
