import { isDeviceName } from './device-name.ts';
import type { HookKind } from './types.ts';

const DIRECTIONS = {
  ingress: { program: 'hookdump_ingress', direction: 'in' },
  egress: { program: 'hookdump_egress', direction: 'out' },
} as const;

/** A tc program of our own on one device: it lets every packet go on. */
export const tc: HookKind = {
  kind: 'tc',
  syntax: 'tc:IFACE/ingress|egress',
  description: 'frames at one device, after it received them or before it sends them',
  template: 'tc.bpf.c',
  strategy: 'packet_tc.h',
  ancillary: 'ancillary_tc.h',
  linkTypes: ['EN10MB', 'RAW'],
  mixesLinkTypes: false,
  transport: 'perf',
  needs: { version: '4.20', reason: 'bpf_perf_event_output with the bytes of a packet in pages' },
  parse(target = 'ingress') {
    const [, device, way] = /^(?:(.*)\/)?(ingress|egress)$/.exec(target) ?? [];
    const hint = 'write tc:IFACE/ingress or tc:IFACE/egress; `ip link` shows the devices';
    if (way === undefined) {
      const message = `'${target}' does not say which way the packets go`;
      return { ok: false, message, hint };
    }
    if (device !== undefined && !isDeviceName(device)) {
      return { ok: false, message: `'${device}' cannot be the name of a network device`, hint };
    }
    const { program, direction } = DIRECTIONS[way as keyof typeof DIRECTIONS];
    const spec = device === undefined ? `tc:${way}` : `tc:${device}/${way}`;
    const place = device === undefined ? {} : { target: device };
    return { ok: true, hook: { kind: tc, spec, program, direction, ...place } };
  },
};
