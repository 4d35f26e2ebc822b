// Run in a new process: prints, in nanoseconds, how long it takes to import the package `filter`
// and then to compile its argument for the first time.
const start = performance.now();
const { compile } = await import('../../packages/filter/dist/index.js');
const imported = performance.now();
const { ok } = compile(process.argv[2], { linkType: 'EN10MB' });
const compiled = performance.now();
if (!ok) throw new Error('the filter does not compile');
console.log(JSON.stringify({ load: (imported - start) * 1e6, first: (compiled - imported) * 1e6 }));
