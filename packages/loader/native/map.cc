#include "map.h"

#include <bpf/libbpf.h>

#include <cerrno>

#include "handle.h"
#include "log.h"

Napi::Value MapFacts(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  const bpf_map& map = ArgHandle<bpf_map>(info, 0);
  const char* type = libbpf_bpf_map_type_str(bpf_map__type(&map));
  Napi::Object facts = Napi::Object::New(env);
  facts["type"] = Napi::String::New(env, type == nullptr ? "unknown" : type);
  facts["keySize"] = Napi::Number::New(env, bpf_map__key_size(&map));
  facts["valueSize"] = Napi::Number::New(env, bpf_map__value_size(&map));
  facts["maxEntries"] = Napi::Number::New(env, bpf_map__max_entries(&map));
  return facts;
}

Napi::Value MapLookup(const Napi::CallbackInfo& info) {
  const Napi::Uint8Array key = ArgBytes(info, 1);
  Napi::Uint8Array value = Napi::Uint8Array::New(info.Env(), ArgU32(info, 2));
  LogCapture log;
  const int error = bpf_map__lookup_elem(&ArgHandle<bpf_map>(info, 0), key.Data(), key.ByteLength(),
                                         value.Data(), value.ByteLength(), 0);
  if (error == -ENOENT) return info.Env().Undefined();
  if (error != 0) ThrowErrno(info.Env(), error, log.text());
  return value;
}

Napi::Value MapUpdate(const Napi::CallbackInfo& info) {
  const Napi::Uint8Array key = ArgBytes(info, 1);
  const Napi::Uint8Array value = ArgBytes(info, 2);
  LogCapture log;
  const int error = bpf_map__update_elem(&ArgHandle<bpf_map>(info, 0), key.Data(), key.ByteLength(),
                                         value.Data(), value.ByteLength(), BPF_ANY);
  if (error != 0) ThrowErrno(info.Env(), error, log.text());
  return info.Env().Undefined();
}

Napi::Value PossibleCpus(const Napi::CallbackInfo& info) {
  LogCapture log;
  const int cpus = libbpf_num_possible_cpus();
  if (cpus < 0) ThrowErrno(info.Env(), cpus, log.text());
  return Napi::Number::New(info.Env(), cpus);
}
