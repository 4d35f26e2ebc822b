export { findLists } from './find.ts';
export { listsOf, printLists } from './print.ts';
export type { EarlyBranch, Interval, List, MemberEnd } from './types.ts';
