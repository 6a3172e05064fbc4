import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listenLocally, rawClient } from '../../service/test/raw-client.ts';
import { until } from '../../service/test/until.ts';
import { drawLatency } from '../src/slow.ts';
import { buildApi } from './build-api.ts';

test('it waits as long as it is told', async (t) => {
  const { app } = await buildApi(t);
  const start = performance.now();
  const answer = await app.inject('/api/slow?ms=80');
  assert.deepEqual(answer.json(), { waited_ms: 80 });
  // Timers may be early by the part of a millisecond that their clock does not show.
  assert.ok(performance.now() - start >= 79);
});

test('without a time it draws by seed and number, whichever answers first', async (t) => {
  const { app } = await buildApi(t, { SEED: 3 });
  const answers = await Promise.all(Array.from({ length: 5 }, () => app.inject('/api/slow')));
  assert.deepEqual(
    answers.map((answer) => answer.json().waited_ms),
    [0, 1, 2, 3, 4].map((n) => drawLatency(3, 'GET /api/slow', n)),
  );
});

for (const query of ['ms=-1', 'ms=10001', 'ms=soon', 'ms=', 'ms=1&ms=2', 'seconds=1']) {
  test(`/api/slow?${query} is a 400`, async (t) => {
    const { app } = await buildApi(t);
    assert.equal((await app.inject(`/api/slow?${query}`)).statusCode, 400);
  });
}

test('it stops waiting when the client goes away', async (t) => {
  const { app, telemetry } = await buildApi(t);
  await listenLocally(app);
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  const start = performance.now();
  const client = await rawClient(app, 'GET /api/slow?ms=10000 HTTP/1.1\r\nHost: x\r\n\r\n');
  await until(() => timers() > before, 'it waits');
  client.socket.destroy();
  await until(() => telemetry.requests.length === 1);
  assert.equal(telemetry.requests[0]?.errorType, 'aborted');
  await until(() => timers() <= before, 'it waits no more');
  assert.ok(performance.now() - start < 8_000, 'before its time');
  assert.deepEqual(
    telemetry.lines.filter(({ level }) => level !== 'info'),
    [],
  );
});

test('a run can be repeated in later versions', () => {
  assert.deepEqual(
    [0, 1, 2, 3].map((n) => drawLatency(1, 'GET /api/slow', n)),
    [4, 10, 33, 121],
  );
});

test('latencies have a median of 60 ms, a 99th percentile of 1.5 s and an end', () => {
  const sorted = Array.from({ length: 20_000 }, (_, n) => drawLatency(1, 'GET /api/slow', n)).sort((a, b) => a - b);
  const percentile = (p: number) => sorted[Math.floor(p * sorted.length)] ?? Number.NaN;
  assert.ok(percentile(0.5) > 56 && percentile(0.5) < 64, `p50 ${percentile(0.5)}`);
  assert.ok(percentile(0.99) > 1_250 && percentile(0.99) < 1_800, `p99 ${percentile(0.99)}`);
  assert.ok((sorted[0] ?? -1) >= 0 && (sorted.at(-1) ?? Number.NaN) <= 10_000);
  assert.ok(sorted.every(Number.isInteger));
});
