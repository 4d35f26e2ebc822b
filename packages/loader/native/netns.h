#pragma once

#include <functional>
#include <string>

/** What an error's log says if the namespace is to blame; src/netns.ts knows it. */
constexpr char kNetnsNotEntered[] = "the network namespace can't be entered";

/**
 * Runs `work` in the network namespace at `path` (such as /run/netns/x), or right here where the
 * path is empty. Done on a thread of its own that ends with it: Node's main thread, and any thread
 * of its pool, must never be left in another namespace. Returns 0, or a negative errno if the
 * namespace could not be entered (and `work` has not run).
 */
int RunInNetns(const std::string& path, const std::function<void()>& work);
