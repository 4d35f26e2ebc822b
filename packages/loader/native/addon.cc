#include <bpf/libbpf.h>
#include <napi.h>

#include "clock.h"
#include "drain.h"
#include "hung_up.h"
#include "interfaces.h"
#include "link.h"
#include "log.h"
#include "map.h"
#include "object.h"
#include "program.h"
#include "stamp.h"  // written by build-addon.mjs

/* All that JavaScript sees of this addon. Its types: src/binding.ts. */

static Napi::Value LibbpfVersion(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), libbpf_version_string());
}

static Napi::Object Init(Napi::Env env, Napi::Object exports) {
  InstallLog();
  const auto add = [&](const char* name, Napi::Value (*function)(const Napi::CallbackInfo&)) {
    exports[name] = Napi::Function::New(env, function, name);
  };
  add("objectOpen", ObjectOpen);
  add("objectNames", ObjectNames);
  add("objectSetGlobal", ObjectSetGlobal);
  add("objectSetMapSize", ObjectSetMapSize);
  add("objectSetTarget", ObjectSetTarget);
  add("objectLoad", ObjectLoad);
  add("objectProgram", ObjectProgram);
  add("objectMap", ObjectMap);
  add("objectClose", ObjectClose);
  add("programTestRun", ProgramTestRun);
  add("programTestRunAsync", ProgramTestRunAsync);
  add("programInfo", ProgramInfo);
  add("linkAttach", LinkAttach);
  add("linkAttachXdp", LinkAttachXdp);
  add("linkClose", LinkClose);
  add("mapFacts", MapFacts);
  add("mapLookup", MapLookup);
  add("mapUpdate", MapUpdate);
  add("possibleCpus", PossibleCpus);
  add("drainOpen", DrainOpen);
  add("drainPause", DrainPause);
  add("drainFlush", DrainFlush);
  add("drainStats", DrainStats);
  add("drainClose", DrainClose);
  add("listInterfaces", ListInterfaces);
  add("hungUp", HungUp);
  add("clockOffset", ClockOffset);
  add("libbpfVersion", LibbpfVersion);
  // build-addon.mjs looks for this in the built file to see whether it is up to date.
  exports["stamp"] = Napi::String::New(env, HOOKDUMP_STAMP);
  return exports;
}

NODE_API_MODULE(hookdump_loader, Init)
