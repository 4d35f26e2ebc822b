import type { LinkTypeName } from '../../tables/link-types.ts';
import type { Headers } from '../headers.ts';
import { ethernet } from './ethernet.ts';
import { raw } from './raw.ts';

/** Where headers start, by link type: one file each. */
export const links: Readonly<Record<LinkTypeName, Headers>> = { EN10MB: ethernet, RAW: raw };
