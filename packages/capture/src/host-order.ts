import { endianness } from 'node:os';

/** Records and counters come in the host's byte order; DataView wants to be told which that is. */
export const littleEndian = endianness() === 'LE';
