import { isDeviceName } from './device-name.ts';
import type { HookKind } from './types.ts';

/** An XDP program of our own on one device: it passes every packet on. */
export const xdp: HookKind = {
  kind: 'xdp',
  syntax: 'xdp:IFACE',
  description: 'frames as the driver of one device receives them, before the network stack',
  template: 'xdp.bpf.c',
  strategy: 'packet_xdp.h',
  ancillary: 'ancillary_xdp.h',
  linkTypes: ['EN10MB', 'RAW'],
  mixesLinkTypes: false,
  transport: 'ring',
  needs: { version: '5.18', reason: 'bpf_xdp_load_bytes' },
  parse(target) {
    if (target === undefined) {
      return {
        ok: true,
        hook: { kind: xdp, spec: 'xdp', program: 'hookdump_xdp', direction: 'in' },
      };
    }
    if (!isDeviceName(target)) {
      const message = `'${target}' cannot be the name of a network device`;
      return { ok: false, message, hint: 'write xdp:IFACE; `ip link` shows the devices' };
    }
    const spec = `xdp:${target}`;
    return {
      ok: true,
      hook: { kind: xdp, spec, target, program: 'hookdump_xdp', direction: 'in' },
    };
  },
};
