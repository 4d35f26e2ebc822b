import { EnvironmentError, errnoName, LoadError } from './errors.ts';
import type { Capabilities, KernelFacts } from './kernel.ts';
import { limitHint } from './limits.ts';

/*
 * From what libbpf and the verifier say about a failed load to what a person wants to know. Pure,
 * and tested with the saved logs in test-logs/.
 *
 * The log holds libbpf's lines ("libbpf: prog 'NAME': …") and, where the verifier spoke, its log
 * between "-- BEGIN PROG LOAD LOG --" and "-- END PROG LOAD LOG --": a trace of the walk through
 * the program, then why it stopped, then statistics.
 */

/** What the log of a failed load says. */
export interface LoadLog {
  /** The program that failed; empty if it was not about one. */
  readonly program: string;
  /** The lines that say why; empty if none does. */
  readonly telling: readonly string[];
  /** The verifier spoke, as opposed to libbpf or the kernel's permission checks. */
  readonly verified: boolean;
}

/** The verifier's trace and statistics: what it did, not why it refused. */
const TRACE = [
  /^\s*$/,
  /^;/, // source lines
  /^\s*\d+: /, // instructions and states
  /^\s*R\d+(_\w+)?=/, // states as printed before Linux 5.18
  /^from \d+ to \d+/,
  /^(processed|verification time|stack depth|max_states_per_insn)\b/,
  /^(last_idx|first_idx|regs=|mark_precise|parent|propagating)/,
  /^(func#|Validating |caller:|callee:|returning from callee|to caller at|frame\d+:)/,
  /^(cur|old) state:/,
  /^\[\.\.\. \d+ bytes left out \.\.\.\]$/, // our own abridgement
];

/** Lines of libbpf that only repeat that it failed, or that guess wrongly (the last three). */
const EMPTY_WORDS = [
  /BPF program load failed: /,
  /failed to load: -\d+$/,
  /failed to load object /,
  /failed to prepare load attributes: /,
  /permission error while running as root/,
  /Failed to bump RLIMIT_MEMLOCK/,
  /Couldn't load trivial BPF program/,
];

/** A refusal is told in one line, or two with the access that was tried. */
const MOST_LINES = 3;

function matchesAny(patterns: readonly RegExp[], line: string): boolean {
  return patterns.some((pattern) => pattern.test(line));
}

function isTrace(line: string): boolean {
  return matchesAny(TRACE, line);
}

/** The lines after the trace's end, without the statistics behind them. */
function verdict(verifierLog: string): string[] {
  const lines = verifierLog.split('\n');
  while (lines.length > 0 && isStatistics(lines.at(-1)!)) lines.pop();
  const reasons: string[] = [];
  while (lines.length > 0 && reasons.length < MOST_LINES && !isTrace(lines.at(-1)!)) {
    reasons.unshift(lines.pop()!.trim());
  }
  return reasons;
}

function isStatistics(line: string): boolean {
  return /^\s*$|^(processed|verification time|stack depth|max_states_per_insn)\b/.test(line);
}

/** Reads the log of a failed load. */
export function parseLoadLog(log: string): LoadLog {
  const program = /^libbpf: prog '([^']+)': /m.exec(log)?.[1] ?? '';
  const block = /-- BEGIN PROG LOAD LOG --\n([\s\S]*?)-- END PROG LOAD LOG --/.exec(log);
  const verified = block !== null && block[1]!.trim() !== '';
  if (verified) return { program, telling: verdict(block[1]!), verified };
  const telling = log
    .split('\n')
    .filter((line) => line.startsWith('libbpf: ') && !matchesAny(EMPTY_WORDS, line))
    .map((line) => line.replace(/^libbpf: (prog '[^']+': )?/, ''));
  return { program, telling: telling.slice(-MOST_LINES), verified };
}

function missingCapabilities({ bpf, perfmon, netAdmin, sysAdmin }: Capabilities): string[] {
  if (sysAdmin) return []; // it comprises CAP_BPF and CAP_PERFMON, capabilities(7)
  const missing: string[] = [];
  if (!bpf) missing.push('CAP_BPF');
  if (!perfmon) missing.push('CAP_PERFMON (for tracing)');
  if (!netAdmin) missing.push('CAP_NET_ADMIN (for XDP and tc)');
  return missing;
}

// linux/errno.h
const EPERM = 1;
const ESRCH = 3;
const ENOSPC = 28;

function hintFor(parsed: LoadLog, errno: number, facts: KernelFacts): string | undefined {
  if (errno === EPERM) {
    const missing = missingCapabilities(facts.capabilities);
    if (missing.length > 0) return `run as root; this process lacks ${missing.join(', ')}`;
    if (!parsed.verified) {
      return 'the capabilities are there: kernel lockdown or a security module forbids it';
    }
  }
  if (!facts.btf && parsed.telling.some((line) => line.includes('BTF'))) {
    return 'this kernel has no /sys/kernel/btf/vmlinux: it needs CONFIG_DEBUG_INFO_BTF';
  }
  if (errno === ESRCH && parsed.telling.some((line) => line.includes('kernel BTF type ID'))) {
    return `Linux ${facts.release} has no tracepoint or function of this name`;
  }
  return limitHint(parsed, errno, facts);
}

/**
 * The error for a failed load.
 * @param log what libbpf and the verifier said
 * @param errno positive
 */
export function loadFailure(log: string, errno: number, facts: KernelFacts): EnvironmentError {
  const parsed = parseLoadLog(log);
  const hint = hintFor(parsed, errno, facts);
  const details = { errno, ...(hint === undefined ? {} : { hint }) };
  const telling = tellingText(parsed, errno);
  if (parsed.program === '') {
    return new EnvironmentError(`can't load the BPF object: ${telling}`, details);
  }
  const message = `can't load the BPF program ${parsed.program}: ${telling.replaceAll('\n', '; ')}`;
  return new LoadError(message, { ...details, program: parsed.program, telling, log });
}

function tellingText(parsed: LoadLog, errno: number): string {
  if (parsed.telling.length > 0) return parsed.telling.join('\n');
  if (parsed.verified && errno === ENOSPC) {
    return "it is too complex: the verifier's log was full before it came to its verdict";
  }
  if (errno === EPERM) return 'not permitted (EPERM)';
  return `the kernel says ${errnoName(errno)} and no more`;
}
