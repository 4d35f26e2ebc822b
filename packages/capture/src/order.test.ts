import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TimeOrder } from './order.ts';

const ms = 1_000_000;

test('records of several CPUs come out in the order of their time', () => {
  const time = fc.integer({ min: 0, max: 1000 });
  fc.assert(
    fc.property(fc.array(fc.tuple(time, fc.nat(3)), { maxLength: 200 }), (events) => {
      const out: number[] = [];
      const order = new TimeOrder<{ order: number }>(({ order: at }) => out.push(at));
      const sent = events.map(([at]) => at * ms).sort((a, b) => a - b);
      // A buffer for each CPU, emptied one after the other in rounds of 100 ms.
      for (let start = 0; start <= 1100; start += 100) {
        for (let cpu = 0; cpu < 4; cpu++) {
          for (const [at, on] of events) {
            if (on === cpu && at >= start - 100 && at < start) order.add({ order: at * ms });
          }
        }
        order.roundEnds(start * ms);
      }
      order.finish();
      expect(out).toEqual(sent);
    }),
  );
});

test('a record is held back until nothing older can come', () => {
  const out: number[] = [];
  const order = new TimeOrder<{ order: number }>(({ order: at }) => out.push(at));
  order.add({ order: 50 * ms });
  order.roundEnds(50 * ms);
  expect(out).toEqual([]);
  order.add({ order: 49 * ms });
  order.roundEnds(60 * ms);
  expect(out).toEqual([49 * ms, 50 * ms]);
});
