// A process that takes one object from the cache and says how many nanoseconds that took.
import { buildObject } from '../../packages/codegen/dist/index.js';
import { request } from './clang.mjs';
import { now } from './lib.mjs';

const { text, hooks, linkTypes } = JSON.parse(process.argv[2]);
const options = request({ text }, hooks, linkTypes);
const start = now();
const { cached } = await buildObject(options);
const taken = now() - start;
if (!cached) throw new Error('the object is not in the cache');
console.log(taken);
