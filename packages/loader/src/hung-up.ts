import { binding } from './binding.ts';

/**
 * True if nobody will ever read what is written to `fd`: a pipe without a reader, a socket whose
 * peer has closed it. False for files and terminals. Node tells of it only after the next write,
 * which a capture of rare packets may never make.
 */
export const isHungUp = (fd: number): boolean => binding().hungUp(fd);
