import { buildPacketFlags, PcapngWriter } from '@hookdump/pcapng';
import { linkTypeNumber } from '../link-type.ts';
import { type CapturedPacket, type CaptureInterface, deviceLabel, hookLabel } from '../packet.ts';
import { optionText } from './option-text.ts';
import type { StreamOutput } from './stream-output.ts';
import type { CaptureDescription, CaptureEnd, Sink, SinkEvents } from './types.ts';

/** epb_flags' words for PACKET_* of <linux/if_packet.h>. */
const receptions = ['unicast', 'broadcast', 'multicast', 'promiscuous'] as const;

/** Writes a pcapng file, an interface for each namespace, device and hook. */
export class PcapngSink implements Sink {
  readonly #writer: PcapngWriter;
  readonly #description: CaptureDescription;
  readonly #written = new Set<number>();
  readonly #stream: StreamOutput | undefined;

  /**
   * @param output a stream, or a function that writes at once; chunks are valid during the call only
   */
  constructor(
    output: StreamOutput | ((chunk: Uint8Array) => void),
    description: CaptureDescription,
  ) {
    this.#stream = typeof output === 'function' ? undefined : output;
    const write = typeof output === 'function' ? output : output.write.bind(output);
    this.#description = description;
    const { application, os, command } = description;
    this.#writer = new PcapngWriter(write, {
      application,
      os,
      ...(command !== undefined && { comments: [optionText(command)] }),
    });
    // A file that can't be written to should be known before anything is attached.
    this.#writer.flush();
  }

  packet(packet: CapturedPacket): void {
    const { from, timestamp, data, originalLength } = packet;
    if (!this.#written.has(from.id)) this.#interface(from);
    const options = { flags: flagsOf(packet), queue: packet.queue };
    this.#writer.packet({ interface: from.id, timestamp, data, originalLength, options });
  }

  flush(): void {
    this.#writer.flush();
  }

  async finish({ counts, interfaces, delivered, started, ended }: CaptureEnd): Promise<void> {
    for (const { id, hook } of interfaces) {
      if (!this.#written.has(id)) continue;
      const hookCounts = counts.hooks.find((each) => each.hook.spec === hook.spec);
      this.#writer.statistics({
        interface: id,
        timestamp: ended,
        start: started,
        end: ended,
        delivered: BigInt(delivered.get(id) ?? 0),
        // The kernel counts by hook, not by device: so they stand in words, not in fields.
        ...(hookCounts && {
          comments: [
            `${hook.spec}, all devices: ${hookCounts.seen} packets seen, ${hookCounts.matched} matched, ` +
              `${hookCounts.lost} lost, ${hookCounts.failed} failed, ${hookCounts.missed} missed`,
          ],
        }),
      });
    }
    this.#writer.flush();
    await this.#stream?.drained();
  }

  watch(events: SinkEvents): void {
    this.#stream?.watch(events);
  }

  /** The file is the caller's. */
  close(): void {}

  #interface(from: CaptureInterface): void {
    const { filter, snapLen, os } = this.#description;
    const id = this.#writer.interface({
      linkType: linkTypeNumber(from.linkType),
      snapLen,
      name: `${deviceLabel(from)}@${hookLabel(from.hook)}`,
      description:
        `${from.device} (index ${from.ifindex}) of network namespace ` +
        `${from.netnsName === '' ? '' : `${from.netnsName}, `}inode ${from.netns}, at ${from.hook.spec}`,
      os,
      ...(filter !== '' && { filter: optionText(filter) }),
    });
    if (id !== from.id) throw new Error(`interface ${from.id} was written as ${id}`);
    this.#written.add(id);
  }
}

function flagsOf({ from, packetType }: CapturedPacket): number {
  if (from.hook.direction === 'out') return buildPacketFlags({ direction: 'outbound' });
  const reception = from.hook.kind.kind === 'xdp' ? undefined : receptions[packetType];
  return buildPacketFlags({ direction: 'inbound', ...(reception && { reception }) });
}
