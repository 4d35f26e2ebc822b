export { findLists } from './find.ts';
export { listsOf, printLists } from './print.ts';
export { findTuples } from './tuples/find.ts';
export type { EarlyBranch, Interval, List, ListEnd, MemberEnd } from './types.ts';
