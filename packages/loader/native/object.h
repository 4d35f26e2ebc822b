#pragma once

#include <napi.h>

struct bpf_object;

/** (bytes, name, kernelBtf path or '') -> object handle. Nothing reaches the kernel yet. */
Napi::Value ObjectOpen(const Napi::CallbackInfo& info);
/** (object) -> { programs: string[], maps: string[] } */
Napi::Value ObjectNames(const Napi::CallbackInfo& info);
/** (object, variable, bytes) -> undefined | why not. Before load only. */
Napi::Value ObjectSetGlobal(const Napi::CallbackInfo& info);
/** (object, map, entries) -> undefined | why not. Before load only. */
Napi::Value ObjectSetMapSize(const Napi::CallbackInfo& info);
/** (object, program, id of another program) -> undefined | why not. Before load only. */
Napi::Value ObjectSetTarget(const Napi::CallbackInfo& info);
/** (object) Loads all of it into the kernel; throws with the libbpf and verifier log. */
Napi::Value ObjectLoad(const Napi::CallbackInfo& info);
/** (object, name) -> program handle, borrowed: dead once the object is closed. */
Napi::Value ObjectProgram(const Napi::CallbackInfo& info);
/** (object, name) -> map handle, borrowed: dead once the object is closed. */
Napi::Value ObjectMap(const Napi::CallbackInfo& info);
/** (object) Idempotent. */
Napi::Value ObjectClose(const Napi::CallbackInfo& info);
