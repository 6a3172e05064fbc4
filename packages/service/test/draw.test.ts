import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draw, drawLogNormal } from '../src/draw.ts';

const count = 20_000;
const many = (seed: number, stream: string) => Array.from({ length: count }, (_, n) => draw(seed, stream, n));

test('a draw depends on its arguments alone', () => {
  assert.equal(draw(1, 'GET /api/slow', 7), draw(1, 'GET /api/slow', 7));
  const neighbours = [draw(1, 'a', 7), draw(2, 'a', 7), draw(1, 'b', 7), draw(1, 'a', 8)];
  assert.equal(new Set(neighbours).size, 4);
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

test('log-normal draws have the percentiles that are asked for, and are positive', () => {
  const percentiles = { p50: 20, p99: 400 };
  const sorted = Array.from({ length: count }, (_, n) => drawLogNormal(1, 'x', n, percentiles)).sort((a, b) => a - b);
  const percentile = (p: number) => sorted[Math.floor(p * count)] ?? Number.NaN;
  assert.ok(percentile(0.5) > 18.5 && percentile(0.5) < 21.5, `p50 ${percentile(0.5)}`);
  assert.ok(percentile(0.99) > 330 && percentile(0.99) < 480, `p99 ${percentile(0.99)}`);
  assert.ok((sorted[0] ?? -1) > 0);
});

test('with two equal percentiles there is nothing to draw', () => {
  assert.equal(drawLogNormal(1, 'x', 5, { p50: 30, p99: 30 }), 30);
});
