#include "object.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "handle.h"
#include "log.h"

namespace {

// Left to itself libbpf verifies a refused program again and again with a doubled buffer until the
// whole log fits: 12 s for a program at the complexity limit. With a buffer of ours it tries once
// more. A kernel before 6.4 says ENOSPC if the log does not fit; later ones keep the log's end.
constexpr uint32_t kVerifierLogSize = 16 << 20;

struct FreeMemory {
  void operator()(char* memory) const { std::free(memory); }
};

struct Object {
  // A copy of our own: ELF wants aligned memory, which a view into a JavaScript buffer is not.
  std::vector<uint8_t> bytes;
  // calloc gives pages that cost nothing unless there is a log to write into them.
  std::unique_ptr<char[], FreeMemory> verifierLog{static_cast<char*>(std::calloc(kVerifierLogSize, 1))};
  bpf_object* object = nullptr;
  // Programs of others that ours are to be attached to: wanted until it is loaded.
  std::vector<int> targets = {};

  ~Object() { Close(); }
  void Close() {
    bpf_object__close(object);  // takes NULL
    object = nullptr;
    CloseTargets();
  }
  void CloseTargets() {
    for (const int fd : targets) close(fd);
    targets.clear();
  }
};

/** The verifier's log between the lines that libbpf puts around one; the middle of a huge one left out. */
std::string Abridged(const char* log) {
  constexpr size_t kHead = 128 << 10;
  constexpr size_t kTail = 896 << 10;
  if (log == nullptr || *log == '\0') return "";
  std::string text(log);
  if (text.size() > kHead + kTail) {
    const size_t from = text.find('\n', kHead) + 1;
    const size_t to = text.find('\n', text.size() - kTail) + 1;
    text.replace(from, to - from, "[... " + std::to_string(to - from) + " bytes left out ...]\n");
  }
  return "-- BEGIN PROG LOAD LOG --\n" + text + "-- END PROG LOAD LOG --\n";
}

/** Where the variable lies in .rodata, by the object's own BTF; NULL if there is none. */
const btf_var_secinfo* FindRodataVariable(const btf* types, const std::string& name) {
  const int section = btf__find_by_name_kind(types, ".rodata", BTF_KIND_DATASEC);
  if (section < 0) return nullptr;
  const btf_type* datasec = btf__type_by_id(types, section);
  const btf_var_secinfo* variable = btf_var_secinfos(datasec);
  for (int i = 0; i < btf_vlen(datasec); i++, variable++) {
    const btf_type* type = btf__type_by_id(types, variable->type);
    if (name == btf__name_by_offset(types, type->name_off)) return variable;
  }
  return nullptr;
}

/** Empty if it worked. */
std::string SetGlobal(bpf_object* object, const std::string& name, const Napi::Uint8Array& value) {
  const btf* types = bpf_object__btf(object);
  if (types == nullptr) return "the object has no BTF (build it with clang -g)";
  const btf_var_secinfo* variable = FindRodataVariable(types, name);
  if (variable == nullptr) return "no such variable in .rodata";
  // libbpf fills in the offsets of global variables only; a static one would seem to lie at 0.
  if (btf_var(btf__type_by_id(types, variable->type))->linkage == BTF_VAR_STATIC) {
    return "the variable is static; only a global one can be found";
  }
  if (variable->size != value.ByteLength()) {
    return "the variable has " + std::to_string(variable->size) + " bytes, the value has " +
           std::to_string(value.ByteLength());
  }
  bpf_map* map = bpf_object__find_map_by_name(object, ".rodata");
  size_t size = 0;
  const void* initial = map == nullptr ? nullptr : bpf_map__initial_value(map, &size);
  if (initial == nullptr || variable->offset + variable->size > size) return "the object has no .rodata";

  // libbpf before 1.2 gives the initial value as const: change a copy and set it whole.
  std::vector<uint8_t> copy(static_cast<const uint8_t*>(initial), static_cast<const uint8_t*>(initial) + size);
  std::memcpy(copy.data() + variable->offset, value.Data(), variable->size);
  const int error = bpf_map__set_initial_value(map, copy.data(), size);
  return error == 0 ? "" : std::strerror(-error);
}

/** The name of a program's main function, of which bpf_prog_info has 15 bytes; empty without BTF. */
std::string MainFunction(int fd) {
  bpf_func_info function = {};
  bpf_prog_info facts = {};
  facts.func_info = reinterpret_cast<uint64_t>(&function);
  facts.func_info_rec_size = sizeof function;
  facts.nr_func_info = 1;
  uint32_t size = sizeof facts;
  if (bpf_obj_get_info_by_fd(fd, &facts, &size) != 0 || facts.btf_id == 0) return "";
  btf* types = btf__load_from_kernel_by_id(facts.btf_id);
  const btf_type* type = types == nullptr ? nullptr : btf__type_by_id(types, function.type_id);
  const std::string name = type == nullptr ? "" : btf__name_by_offset(types, type->name_off);
  btf__free(types);  // takes NULL
  return name;
}

}  // namespace

Napi::Value ObjectOpen(const Napi::CallbackInfo& info) {
  const Napi::Uint8Array bytes = ArgBytes(info, 0);
  const std::string name = ArgString(info, 1);
  const std::string kernelBtf = ArgString(info, 2);
  LogCapture log;
  auto* self = new Object{{bytes.Data(), bytes.Data() + bytes.ByteLength()}};
  LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = name.c_str());
  if (!kernelBtf.empty()) options.btf_custom_path = kernelBtf.c_str();
  options.kernel_log_buf = self->verifierLog.get();
  options.kernel_log_size = self->verifierLog == nullptr ? 0 : kVerifierLogSize;
  self->object = bpf_object__open_mem(self->bytes.data(), self->bytes.size(), &options);
  if (self->object == nullptr) {
    const int error = errno;
    delete self;
    ThrowErrno(info.Env(), error, log.text());
  }
  return OwnedHandle(info.Env(), self);
}

Napi::Value ObjectNames(const Napi::CallbackInfo& info) {
  bpf_object* object = ArgHandle<Object>(info, 0).object;
  Napi::Array programs = Napi::Array::New(info.Env());
  Napi::Array maps = Napi::Array::New(info.Env());
  bpf_program* program;
  bpf_object__for_each_program(program, object) {
    programs[programs.Length()] = Napi::String::New(info.Env(), bpf_program__name(program));
  }
  bpf_map* map;
  bpf_object__for_each_map(map, object) {
    maps[maps.Length()] = Napi::String::New(info.Env(), bpf_map__name(map));
  }
  Napi::Object names = Napi::Object::New(info.Env());
  names["programs"] = programs;
  names["maps"] = maps;
  return names;
}

Napi::Value ObjectSetGlobal(const Napi::CallbackInfo& info) {
  LogCapture quiet;
  const std::string why =
      SetGlobal(ArgHandle<Object>(info, 0).object, ArgString(info, 1), ArgBytes(info, 2));
  return why.empty() ? info.Env().Undefined() : Napi::String::New(info.Env(), why);
}

Napi::Value ObjectSetMapSize(const Napi::CallbackInfo& info) {
  LogCapture quiet;
  bpf_object* object = ArgHandle<Object>(info, 0).object;
  bpf_map* map = bpf_object__find_map_by_name(object, ArgString(info, 1).c_str());
  if (map == nullptr) return Napi::String::New(info.Env(), "no such map");
  const int error = bpf_map__set_max_entries(map, info[2].As<Napi::Number>().Uint32Value());
  return error == 0 ? info.Env().Undefined() : Napi::String::New(info.Env(), std::strerror(-error));
}

Napi::Value ObjectSetTarget(const Napi::CallbackInfo& info) {
  Object& self = ArgHandle<Object>(info, 0);
  LogCapture log;
  bpf_program* program = bpf_object__find_program_by_name(self.object, ArgString(info, 1).c_str());
  if (program == nullptr) return Napi::String::New(info.Env(), "no such program");
  const int fd = bpf_prog_get_fd_by_id(ArgU32(info, 2));
  if (fd < 0) ThrowErrno(info.Env(), errno, log.text());
  self.targets.push_back(fd);
  const std::string function = MainFunction(fd);
  if (function.empty()) return Napi::String::New(info.Env(), "the other program has no BTF");
  const int error = bpf_program__set_attach_target(program, fd, function.c_str());
  if (error != 0) ThrowErrno(info.Env(), -error, log.text());
  return info.Env().Undefined();
}

Napi::Value ObjectLoad(const Napi::CallbackInfo& info) {
  Object& self = ArgHandle<Object>(info, 0);
  LogCapture log;
  const int error = bpf_object__load(self.object);
  self.CloseTargets();
  if (error != 0) ThrowErrno(info.Env(), error, log.text() + Abridged(self.verifierLog.get()));
  self.verifierLog.reset();
  return info.Env().Undefined();
}

Napi::Value ObjectProgram(const Napi::CallbackInfo& info) {
  bpf_object* object = ArgHandle<Object>(info, 0).object;
  bpf_program* program = bpf_object__find_program_by_name(object, ArgString(info, 1).c_str());
  if (program == nullptr) return info.Env().Undefined();
  return Napi::External<bpf_program>::New(info.Env(), program);
}

Napi::Value ObjectMap(const Napi::CallbackInfo& info) {
  bpf_object* object = ArgHandle<Object>(info, 0).object;
  bpf_map* map = bpf_object__find_map_by_name(object, ArgString(info, 1).c_str());
  if (map == nullptr) return info.Env().Undefined();
  return Napi::External<bpf_map>::New(info.Env(), map);
}

Napi::Value ObjectClose(const Napi::CallbackInfo& info) {
  LogCapture quiet;
  ArgHandle<Object>(info, 0).Close();
  return info.Env().Undefined();
}
