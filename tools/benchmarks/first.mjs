// Bundled into one file and run in a new process: compiles its argument to classic BPF and prints,
// in nanoseconds, how long after the start of the process it began and how long it took.
import { compile, toClassic } from '../../packages/filter/dist/index.js';

const began = performance.now();
const compiled = compile(process.argv[2], { linkType: 'EN10MB' });
if (!compiled.ok) throw new Error(compiled.diagnostics[0].message);
toClassic(compiled.program);
const done = performance.now();
console.log(JSON.stringify({ began: began * 1e6, first: (done - began) * 1e6 }));
