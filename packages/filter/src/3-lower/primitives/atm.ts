import * as messages from '../../messages/lower.ts';
import type { AtmWord } from '../../predicate/types.ts';
import type { AtmOffsets, Headers } from '../headers.ts';
import { insideLane, isAtmLane } from '../links/index.ts';
import { allOf, anyOf, type Condition, field } from './condition.ts';
import { type Context, type Encapsulation, type TestOf, whereOf } from './context.ts';

/** Virtual channels of path 0 that words stand for (ITU-T I.361, ATM Forum UNI 3.1). */
const channels: Readonly<Record<AtmWord, readonly number[]>> = {
  metac: [1],
  bcc: [2],
  oamf4sc: [3],
  oamf4ec: [4],
  sc: [5],
  ilmic: [16],
  oam: [3, 4],
  oamf4: [3, 4],
  connectmsg: [5],
  metaconnect: [1],
};

/** Types of Q.2931's messages that set up and take down connections, and where the type is. */
const message = { offset: 5, setup: 5, proceeding: 2, connect: 7, acknowledge: 15 } as const;
const release = { started: 0x4d, complete: 0x5a } as const;
const { setup, proceeding, connect, acknowledge } = message;
const messageTypes: Readonly<Partial<Record<AtmWord, readonly number[]>>> = {
  connectmsg: [release.complete, release.started, acknowledge, connect, setup, proceeding],
  metaconnect: [release.complete, release.started, connect, setup, proceeding],
};

/** (gencode.c: gen_atmtype_abbrev(), gen_atmmulti_abbrev()) */
export function atmWord({ headers, refuse }: Context, { word }: TestOf<'atm-word'>): Condition {
  const { atm } = headers.link;
  if (atm === undefined) return refuse((span) => messages.onlyOnAtm(span, word, whereOf(headers)));
  const types = messageTypes[word];
  return allOf(
    field(headers.header, { offset: atm.vpi, size: 1, value: 0 }),
    anyOf(...channels[word].map((value) => isChannel(headers, atm, value))),
    types === undefined || anyOf(...types.map((type) => isMessage(headers, atm, type))),
  );
}

const isChannel = ({ header }: Headers, atm: AtmOffsets, value: number): Condition =>
  field(header, { offset: atm.vci, size: 2, value });

const isMessage = ({ header }: Headers, atm: AtmOffsets, value: number): Condition =>
  field(header, { offset: atm.payload + message.offset, size: 1, value });

/** (gencode.c: gen_atmtype_abbrev(), A_LANE) */
export function lane({ headers, refuse }: Context): Encapsulation | false {
  const { atm } = headers.link;
  if (atm === undefined)
    return refuse((span) => messages.onlyOnAtm(span, 'lane', whereOf(headers)));
  return {
    condition: (build, to) => isAtmLane(build, headers, to),
    inside: insideLane(headers),
  };
}
