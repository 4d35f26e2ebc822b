import { memoryWords } from './opcodes.ts';

/** More values are alive at once than classic BPF has scratch memory for. */
export class TooManyValues extends Error {
  constructor() {
    super(`the filter needs more than the ${memoryWords} words of scratch memory of classic BPF`);
  }
}
