import type { CompileOptions } from '../../compile.ts';

/** A filter that is wrong, or that means what few people mean; alone: on Ethernet. */
export type Mistake = string | readonly [text: string, options: Partial<CompileOptions>];
