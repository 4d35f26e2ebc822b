#pragma once

#include <napi.h>

#include <cstdint>
#include <string>

/*
 * How the functions of this addon take their arguments. TypeScript (src/) is the only caller and
 * has checked number, type and lifetime of all of them, so nothing is checked twice here.
 */

/** The C++ thing behind argument `i`, which is an external made by this addon. */
template <typename T>
T& ArgHandle(const Napi::CallbackInfo& info, size_t i) {
  return *info[i].As<Napi::External<T>>().Data();
}

/** A thing owned by its JavaScript handle: deleted with it or when the environment ends. */
template <typename T>
Napi::Value OwnedHandle(Napi::Env env, T* thing) {
  return Napi::External<T>::New(env, thing, [](Napi::Env, T* dead) { delete dead; });
}

inline std::string ArgString(const Napi::CallbackInfo& info, size_t i) {
  return info[i].As<Napi::String>().Utf8Value();
}

inline uint32_t ArgU32(const Napi::CallbackInfo& info, size_t i) {
  return info[i].As<Napi::Number>().Uint32Value();
}

/** A view of the caller's bytes; valid until the function returns to JavaScript. */
inline Napi::Uint8Array ArgBytes(const Napi::CallbackInfo& info, size_t i) {
  return info[i].As<Napi::Uint8Array>();
}
