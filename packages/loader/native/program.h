#pragma once

#include <napi.h>

/** (program, data, repeat) -> { retval, data, durationNs }. Blocks. */
Napi::Value ProgramTestRun(const Napi::CallbackInfo& info);
/** (program, data, repeat) -> a promise of the same, run on Node's thread pool. */
Napi::Value ProgramTestRunAsync(const Napi::CallbackInfo& info);
/** (program) -> fields of the kernel's bpf_prog_info; 0 where the kernel has no such field. */
Napi::Value ProgramInfo(const Napi::CallbackInfo& info);
