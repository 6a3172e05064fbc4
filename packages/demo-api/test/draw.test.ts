import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draw, drawLatency } from '../src/draw.ts';

const count = 20_000;
const many = (seed: number, stream: string) => Array.from({ length: count }, (_, n) => draw(seed, stream, n));

test('a draw depends on its arguments alone', () => {
  assert.equal(draw(1, 'GET /api/slow', 7), draw(1, 'GET /api/slow', 7));
  const neighbours = [draw(1, 'a', 7), draw(2, 'a', 7), draw(1, 'b', 7), draw(1, 'a', 8)];
  assert.equal(new Set(neighbours).size, 4);
});

test('a run can be repeated in later versions', () => {
  assert.deepEqual(
    [0, 1, 2, 3].map((n) => drawLatency(1, 'GET /api/slow', n)),
    [4, 10, 33, 121],
  );
});

test('draws are spread evenly over 0 to 1', () => {
  const buckets = Array.from({ length: 10 }, () => 0);
  for (const value of many(1, 'GET /api/slow')) {
    assert.ok(value >= 0 && value < 1);
    const bucket = Math.floor(value * 10);
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
  }
  // Six standard deviations of a fair draw are 255.
  for (const found of buckets) assert.ok(Math.abs(found - count / 10) < 255, String(buckets));
});

test('streams and seeds are independent of each other', () => {
  for (const other of [many(1, 'GET /api/error'), many(2, 'GET /api/slow'), many(1, 'GET /api/slow').slice(1)]) {
    const one = many(1, 'GET /api/slow');
    const products = other.map((value, n) => (value - 0.5) * ((one[n] ?? 0) - 0.5));
    const correlation = products.reduce((sum, value) => sum + value, 0) / products.length / (1 / 12);
    assert.ok(Math.abs(correlation) < 0.04, `correlation ${correlation}`);
  }
});

test('latencies have a median of 60 ms, a 99th percentile of 1.5 s and an end', () => {
  const sorted = Array.from({ length: count }, (_, n) => drawLatency(1, 'GET /api/slow', n)).sort((a, b) => a - b);
  const percentile = (p: number) => sorted[Math.floor(p * count)] ?? Number.NaN;
  assert.ok(percentile(0.5) > 56 && percentile(0.5) < 64, `p50 ${percentile(0.5)}`);
  assert.ok(percentile(0.99) > 1_250 && percentile(0.99) < 1_800, `p99 ${percentile(0.99)}`);
  assert.ok((sorted[0] ?? -1) >= 0 && (sorted.at(-1) ?? Number.NaN) <= 10_000);
  assert.ok(sorted.every(Number.isInteger));
});
