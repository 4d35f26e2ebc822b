import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { EnvironmentError } from '@hookdump/loader';
import { linkTypes, PcapWriter, sll2Header, sll2HeaderLength } from '@hookdump/pcapng';
import { type CapturedPacket, deviceLabel, hookLabel } from '../packet.ts';
import { JoinLines } from './join-lines.ts';
import type { StreamOutput } from './stream-output.ts';
import type { CaptureDescription, CaptureEnd, Sink, SinkEvents } from './types.ts';

/** EtherTypes below this are lengths: IEEE 802.3. */
const firstEtherType = 0x600;
/** ETH_P_802_2 of <linux/if_ether.h>: what the kernel calls a frame with a length instead. */
const protocol8022 = 4;
const ethernetHeaderLength = 14;

/**
 * Prints packets as tcpdump does, because tcpdump does it: it reads packets that are framed anew
 * with LINUX_SLL2, one link type for every hook, and its lines are joined with what it cannot know.
 */
export class TextSink implements Sink {
  readonly #tcpdump: ChildProcessWithoutNullStreams;
  readonly #writer: PcapWriter;
  readonly #lines: JoinLines;
  readonly #ended: Promise<number | null>;
  readonly #output: StreamOutput;
  readonly #frame: { bytes: Uint8Array };
  #events: SinkEvents | undefined;
  #finishing = false;
  #stderr = '';

  /**
   * @param output where text goes, whole lines
   * @param options what tcpdump is told of how to print, such as `-v`
   */
  constructor(output: StreamOutput, { snapLen }: CaptureDescription, options: readonly string[]) {
    this.#output = output;
    this.#frame = { bytes: new Uint8Array(snapLen + sll2HeaderLength) };
    this.#lines = new JoinLines((text) => output.write(text), options.includes('-#'));
    const args = ['-#', '-n', '-l', ...options.filter((each) => each !== '-#'), '-r', '-'];
    // In a group of its own: ^C is for us, and tcpdump must print what is still on its way.
    this.#tcpdump = spawn('tcpdump', args, { detached: true });
    this.#ended = new Promise((resolve, reject) => {
      this.#tcpdump.on('close', resolve);
      this.#tcpdump.on('error', (error: NodeJS.ErrnoException) => reject(cannotStart(error)));
    });
    this.#ended.then(
      () => this.#finishing || this.#events?.failed(this.#failure('tcpdump ended by itself')),
      // Told by ready().
      () => {},
    );
    this.#tcpdump.stdin.on('error', () => {});
    this.#tcpdump.stdin.on('drain', () => this.#events?.pressure(false));
    this.#tcpdump.stdout.setEncoding('utf8').on('data', (text: string) => this.#lines.add(text));
    this.#tcpdump.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    this.#writer = new PcapWriter(
      (chunk) => {
        if (!this.#tcpdump.stdin.write(Uint8Array.from(chunk))) this.#events?.pressure(true);
      },
      { linkType: linkTypes.LINUX_SLL2.value, snapLen: snapLen + sll2HeaderLength },
    );
    this.#writer.flush();
  }

  /** Resolves when tcpdump runs; what keeps it from running is told at once. */
  async ready(): Promise<void> {
    const started = new Promise<void>((resolve) => this.#tcpdump.on('spawn', resolve));
    await Promise.race([started, this.#ended]);
  }

  /** A reader that is slow slows tcpdump down, whose full pipe in turn pauses the capture. */
  watch(events: SinkEvents): void {
    this.#events = events;
    this.#output.watch({
      pressure: (wantsPause) => {
        if (wantsPause) this.#tcpdump.stdout.pause();
        else this.#tcpdump.stdout.resume();
      },
      failed: events.failed,
    });
  }

  packet(packet: CapturedPacket): void {
    const { hook } = packet.from;
    // The device layer is what everybody expects; another hook is named.
    const place = hook.kind.mixesLinkTypes ? '' : `@${hookLabel(hook)}`;
    this.#lines.expect(deviceLabel(packet.from) + place);
    const data = this.#reframe(packet);
    const isEthernet = packet.from.linkType === 'EN10MB';
    const cut = isEthernet ? ethernetHeaderLength : 0;
    const originalLength = Math.max(packet.originalLength - cut, 0) + sll2HeaderLength;
    this.#writer.packet({ timestamp: packet.timestamp, data, originalLength });
  }

  flush(): void {
    this.#writer.flush();
  }

  async finish(_end: CaptureEnd): Promise<void> {
    this.#finishing = true;
    this.#writer.flush();
    this.#tcpdump.stdin.end();
    let status: number | null | undefined;
    while (status === undefined) {
      const moment = new Promise<undefined>((resolve) => setTimeout(resolve, 20, undefined));
      status = await Promise.race([this.#ended, moment]);
      this.#output.throwIfStalled();
    }
    this.#lines.finish();
    if (status !== 0) throw this.#failure('tcpdump failed');
    await this.#output.drained();
  }

  close(): void {
    this.#finishing = true;
    this.#tcpdump.stdin.destroy();
    this.#tcpdump.stdout.destroy();
    this.#tcpdump.kill();
  }

  #failure(what: string): EnvironmentError {
    const { exitCode, signalCode } = this.#tcpdump;
    // It begins with two lines about the stream that it reads.
    const said = this.#stderr
      .split('\n')
      .filter((line) => !/^(reading from|Warning:|$)/.test(line));
    const how = signalCode === null ? `exit status ${exitCode}` : signalCode;
    return new EnvironmentError([`${what} (${how})`, ...said].join(': '));
  }

  /** SLL2's header instead of Ethernet's; what follows is the same. */
  #reframe({ from, data, packetType }: CapturedPacket): Uint8Array {
    const isEthernet = from.linkType === 'EN10MB';
    const payload = isEthernet ? data.subarray(ethernetHeaderLength) : data;
    const { bytes } = this.#frame;
    sll2Header(
      {
        protocol: isEthernet ? protocolOf(data) : ipProtocolOf(data),
        // Not the device's: tcpdump would name it after a device of its own namespace.
        ifindex: 0,
        hatype: from.deviceType,
        packetType,
        ...(isEthernet && { address: data.subarray(6, 12) }),
      },
      bytes,
    );
    bytes.set(payload, sll2HeaderLength);
    return bytes.subarray(0, sll2HeaderLength + payload.length);
  }
}

function protocolOf(frame: Uint8Array): number {
  // Cut inside the header: not known, and nothing follows that it could be applied to.
  if (frame.length < ethernetHeaderLength) return protocol8022;
  const etherType = frame[12]! * 256 + frame[13]!;
  return etherType < firstEtherType ? protocol8022 : etherType;
}

/** EtherType for a packet that begins with its IP header. */
const ipProtocolOf = (packet: Uint8Array): number => (packet[0]! >> 4 === 6 ? 0x86dd : 0x0800);

function cannotStart(error: NodeJS.ErrnoException): EnvironmentError {
  return error.code === 'ENOENT'
    ? new EnvironmentError('printing packets needs tcpdump, which is not installed', {
        hint: "install it (apt-get install tcpdump), or write a file with '-w FILE'",
      })
    : new EnvironmentError(`tcpdump can't be started: ${error.message}`);
}
