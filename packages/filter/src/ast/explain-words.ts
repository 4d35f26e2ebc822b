import { directionNames, llcNames, subtypeNames, typeNames } from './explain-frames.ts';
import { comparisons, type Explained, protocolNames } from './explained.ts';
import type { Expression, FieldWord, NameOperand, NumberOperand } from './types.ts';

type Word = Exclude<
  Expression,
  { kind: 'chain' | 'not' | 'group' | 'primitive' | 'bare' | 'relation' }
>;

/** A test that a word makes, with what belongs to it. */
export function explainWord(ast: Word): Explained {
  switch (ast.kind) {
    case 'protocol':
      return { text: protocolNames[ast.word] ?? ast.word };
    case 'word':
      return {
        text: tests[ast.word] ?? ast.word,
        fixed: true,
        ...(ast.word === 'lane' && { moves: 'inside of LAN emulation' }),
      };
    case 'cast':
      return { text: casts[ast.word][networkOf(ast.protocol)] };
    case 'encapsulation':
      return explainEncapsulation(ast);
    case 'ifindex':
      return { text: `the interface of index ${ast.value.text}`, fixed: true };
    case 'byte-test':
      return { text: explainByte(ast), fixed: true };
    case 'llc':
      return { text: ast.type === undefined ? 'LLC' : explainLlc(ast.type.text) };
    case 'wlan-type':
      return { text: explainWlanType(ast) };
    case 'wlan-direction':
      return { text: `an 802.11 frame ${explainDirection(ast.value)}` };
    case 'pf':
      return {
        text:
          ast.field === 'ifname'
            ? `a packet on interface ${ast.value.text}, or logged by PF on one whose name begins so`
            : `a packet that PF logged ${pfFields[ast.field]} ${ast.value.text}`,
        fixed: true,
      };
    case 'field':
      return {
        text: `${fields[ast.field]} ${explainAlternatives(ast.alternatives)}`,
        fixed: true,
      };
    case 'length-test':
      return {
        text: `a length of at ${ast.word === 'less' ? 'most' : 'least'} ${ast.value} bytes`,
        fixed: true,
      };
    default:
      return ast satisfies never;
  }
}

const tests: Readonly<Record<string, string>> = {
  inbound: 'a packet that came in',
  outbound: 'a packet that went out',
  lane: 'ATM LAN emulation',
  metac: 'ATM meta-signalling (VPI 0, VCI 1)',
  bcc: 'ATM broadcast signalling (VPI 0, VCI 2)',
  oamf4sc: 'ATM F4 OAM of a segment (VPI 0, VCI 3)',
  oamf4ec: 'ATM F4 OAM end to end (VPI 0, VCI 4)',
  oam: 'ATM F4 OAM (VPI 0, VCI 3 or 4)',
  oamf4: 'ATM F4 OAM (VPI 0, VCI 3 or 4)',
  sc: 'ATM signalling (VPI 0, VCI 5)',
  ilmic: 'ATM ILMI (VPI 0, VCI 16)',
  connectmsg: 'ATM signalling that sets up or releases a connection',
  metaconnect: 'ATM meta-signalling that sets up or releases a connection',
  fisu: 'an SS7 fill-in signal unit',
  lssu: 'an SS7 link status signal unit',
  msu: 'an SS7 message signal unit',
  hfisu: 'an SS7 fill-in signal unit of a high-speed link',
  hlssu: 'an SS7 link status signal unit of a high-speed link',
  hmsu: 'an SS7 message signal unit of a high-speed link',
};

const networkOf = (protocol: string | undefined): 'ip' | 'ip6' | 'link' =>
  protocol === 'ip' || protocol === 'ip6' ? protocol : 'link';

const casts = {
  broadcast: {
    link: 'a frame to the broadcast hardware address',
    ip: 'IPv4 to a broadcast address of the network',
    ip6: 'IPv6 to a broadcast address, which does not exist',
  },
  multicast: {
    link: 'a frame to a multicast or broadcast hardware address',
    ip: 'IPv4 to a multicast address',
    ip6: 'IPv6 to a multicast address',
  },
} as const;

/** Name, what its number is, where the tests behind it look. */
const encapsulations: Readonly<
  Record<Extract<Expression, { kind: 'encapsulation' }>['word'], readonly [string, string, string?]>
> = {
  vlan: ['a VLAN tag', 'ID', 'behind the VLAN tag'],
  mpls: ['an MPLS label', 'value', 'behind the MPLS label'],
  pppoed: ['PPPoE discovery', ''],
  pppoes: ['a PPPoE session', 'ID', 'inside of the PPPoE session'],
  geneve: ['Geneve (UDP port 6081)', 'VNI', 'inside of Geneve'],
  vxlan: ['VXLAN (UDP port 4789)', 'VNI', 'inside of VXLAN'],
};

function explainEncapsulation({
  word,
  value,
}: Extract<Expression, { kind: 'encapsulation' }>): Explained {
  const [name, number, moves] = encapsulations[word];
  const text = value === undefined ? name : `${name} of ${number} ${value.text}`;
  return { text, ...(moves && { moves }) };
}

function explainByte({ offset, op, value }: Extract<Expression, { kind: 'byte-test' }>): string {
  const byte = `byte ${offset.text} of the frame`;
  switch (op) {
    case '&':
      return `any of the bits ${value.text} in ${byte} is set`;
    case '|':
      return `${byte} | ${value.text} is not 0`;
    default:
      return `${byte} ${comparisons[op]} ${value.text}`;
  }
}

/** Case does not count in these words; one that phase 2 does not know is told as it stands. */
function named(names: Readonly<Record<string, string>>, text: string): string | undefined {
  const word = text.toLowerCase();
  return Object.hasOwn(names, word) ? names[word] : undefined;
}

function explainLlc(type: string): string {
  const name = named(llcNames, type);
  return name === undefined ? `LLC of type ${type}` : `LLC, ${name}`;
}

function explainDirection(direction: NumberOperand | NameOperand): string {
  const name =
    direction.kind === 'number'
      ? Object.values(directionNames)[direction.value]
      : named(directionNames, direction.text);
  return name ?? `of direction ${direction.text}`;
}

type WlanType = Extract<Expression, { kind: 'wlan-type' }>;

function explainWlanType({ type, subtype }: WlanType): string {
  const kind = type?.kind === 'name' ? named(typeNames, type.text) : undefined;
  const what = kind === undefined ? 'an 802.11 frame' : `an 802.11 ${kind} frame`;
  const told = [
    ...(type === undefined || kind !== undefined ? [] : [`type ${type.text}`]),
    ...(subtype === undefined ? [] : [explainSubtype(subtype)]),
  ];
  return told.length === 0 ? what : `${what} of ${told.join(' and ')}`;
}

const explainSubtype = ({ kind, text }: NumberOperand | NameOperand): string =>
  `subtype ${(kind === 'name' ? named(subtypeNames, text) : undefined) ?? text}`;

const pfFields = {
  rset: 'for rulesets whose names begin with',
  rnr: 'for rule number',
  srnr: 'for subrule number',
  reason: 'for the reason',
  action: 'as action',
} as const;

const fields: Readonly<Record<FieldWord, string>> = {
  vpi: 'the ATM virtual path (VPI)',
  vci: 'the ATM virtual channel (VCI)',
  sio: 'the SS7 service information octet',
  opc: 'the SS7 originating point code',
  dpc: 'the SS7 destination point code',
  sls: 'the SS7 signalling link selection',
  hsio: 'the SS7 service information octet of a high-speed link',
  hopc: 'the SS7 originating point code of a high-speed link',
  hdpc: 'the SS7 destination point code of a high-speed link',
  hsls: 'the SS7 signalling link selection of a high-speed link',
};

function explainAlternatives(
  alternatives: Extract<Expression, { kind: 'field' }>['alternatives'],
): string {
  const [first, ...others] = alternatives;
  if (first === undefined) return '';
  const rest = others.map(({ value }) => ` or ${value.text}`).join('');
  return `${comparisons[first.op]} ${first.value.text}${rest}`;
}
