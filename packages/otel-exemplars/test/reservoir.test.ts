import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ValueType } from '@opentelemetry/api';
import { AggregationType, InstrumentType } from '@opentelemetry/sdk-metrics';
import { type Aggregation, aggregationOf } from '../src/aggregation.ts';
import type { Reservoir } from '../src/reservoir.ts';
import { Stream } from '../src/stream.ts';
import { randomFrom } from './sdk.ts';

const instrument = {
  name: 'x',
  type: InstrumentType.HISTOGRAM,
  unit: '',
  valueType: ValueType.DOUBLE,
  advice: {},
} as const;

function offer(reservoir: Reservoir, value: number): void {
  if (reservoir.isFree(value)) reservoir.keep({ value, timestamp: [0, 0], filteredAttributes: {} });
}

for (const maxSize of [1, 2, 20, 160]) {
  test(`an exponential histogram of ${maxSize} buckets never holds more exemplars, and one for zero`, () => {
    const type = AggregationType.EXPONENTIAL_HISTOGRAM;
    const reservoir = aggregationOf({ type, options: { maxSize } }, instrument)?.newReservoir() as Reservoir;
    const random = randomFrom(maxSize);
    for (const value of [0, Number.MIN_VALUE, Number.MAX_VALUE]) offer(reservoir, value);
    for (let i = 0; i < 1000; i += 1) {
      offer(reservoir, 10 ** (random() * 600 - 300));
      assert.ok([...reservoir.exemplars()].length <= Math.max(maxSize, 2) + 1); // two is the SDK's least
    }
  });
}

test('a stream holds no more series than its limit, and those it had before', () => {
  const stream = new Stream(aggregationOf({ type: AggregationType.SUM }, instrument) as Aggregation, 10);
  const reservoirs = Array.from({ length: 1000 }, (_, i) => stream.reservoir(`{"i":${i}}`, { i }));
  assert.equal(new Set(reservoirs.slice(0, 10)).size, 10);
  assert.deepEqual(new Set(reservoirs.slice(10)), new Set([undefined]));
  assert.equal(stream.reservoir('{"i":3}', { i: 3 }), reservoirs[3]);
  assert.equal(stream.take().size, 10);
  assert.equal(stream.take().size, 0);
});
