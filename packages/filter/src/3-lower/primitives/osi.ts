import { isoProtocols, llcSaps } from '../../tables/protocols.ts';
import { networkHeaderNoSnap } from '../headers.ts';
import { frameRelayNlpid } from '../links/index.ts';
import { allOf, anyOf, type Condition, field } from './condition.ts';
import { announces, type Context, type TestOf } from './context.ts';

/** Low bits of the byte with the PDU's type; the high ones are reserved (ISO/IEC 10589). */
const pduTypes = 0x1f;

/** (gencode.c: gen_proto(), Q_ISO) */
export function isoProtocol(context: Context, { number }: { readonly number: number }): Condition {
  const { headers } = context;
  if (headers.link.osi === 'frame-relay') return field(headers.header, frameRelayNlpid(number));
  return allOf(
    announces(context, llcSaps.iso),
    field(networkHeaderNoSnap(headers), { offset: stuffing(context), size: 1, value: number }),
  );
}

/** (gencode.c: gen_proto(), Q_ISIS) */
export function isisPdu(context: Context, { types }: TestOf<'isis-pdu'>): Condition {
  const network = networkHeaderNoSnap(context.headers);
  const offset = 4 + stuffing(context);
  return allOf(
    isoProtocol(context, { number: isoProtocols.isis }),
    anyOf(...types.map((value) => field(network, { offset, size: 1, mask: pduTypes, value }))),
  );
}

/** Cisco's HDLC has a byte of padding before OSI's packets. */
const stuffing = ({ headers }: Context): number => (headers.link.osi === 'cisco-hdlc' ? 1 : 0);
