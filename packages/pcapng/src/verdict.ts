/** Names of verdicts, for people: linux/pkt_cls.h (TC_ACT_*) and linux/bpf.h (enum xdp_action). */

import type { Verdict } from './blocks.ts';

const tcActions = [
  'TC_ACT_OK',
  'TC_ACT_RECLASSIFY',
  'TC_ACT_SHOT',
  'TC_ACT_PIPE',
  'TC_ACT_STOLEN',
  'TC_ACT_QUEUED',
  'TC_ACT_REPEAT',
  'TC_ACT_REDIRECT',
  'TC_ACT_TRAP',
] as const;

const xdpActions = ['XDP_ABORTED', 'XDP_DROP', 'XDP_PASS', 'XDP_TX', 'XDP_REDIRECT'] as const;

/** `XDP_DROP`, `TC_ACT_SHOT`, `XDP 9` for a value without a name, `hardware 0x01ff` for bytes. */
export function verdictName(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'tc':
      if (verdict.value === -1n) return 'TC_ACT_UNSPEC';
      return tcActions[Number(verdict.value)] ?? `TC ${verdict.value}`;
    case 'xdp':
      return xdpActions[Number(verdict.value)] ?? `XDP ${verdict.value}`;
    case 'hardware':
      return `hardware 0x${Array.from(verdict.data, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
    default:
      return verdict satisfies never;
  }
}
