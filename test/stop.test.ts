import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { listGaps } from '../packages/evidence/src/index.ts';
import { startLoad } from './harness/load.ts';
import { completionLinesOf, serverSpansOf } from './harness/read.ts';
import { assertChecksHold, type Run, startRun } from './harness/run.ts';
import type { RunningService } from './harness/running-service.ts';
import { services } from './harness/services.ts';
import { waitFor } from './harness/wait-for.ts';

const CONNECTIONS = 50;
// Most connections wait in a slow request at any time, so that many are in flight when the service closes.
const requests = [
  { path: '/api/users', route: '/api/users' },
  { path: '/api/users/7', route: '/api/users/:id' },
  { path: '/api/data', route: '/api/data' },
  { path: '/api/slow?ms=900', route: '/api/slow' },
];
// A write to stdout then fails while nobody reads, as on a socket, and does not wait, as on a pipe: the harder case.
const WRITES_FAIL_WHEN_FULL =
  '--import=data:text/javascript,setImmediate(()=>process.stdout._handle.setBlocking(false))';

describe('stopping', { concurrency: 2 }, () => {
  for (const under of services) {
    const { name } = under;

    it(`${name} cuts no request on SIGTERM at ${CONNECTIONS} connections, and no signal misses one that was answered`, async () => {
      await using run = await startRun(under, { DRAIN_DELAY: '500', METRICS_LINGER: '30000' });
      const { backend, service } = run;
      const load = startLoad(service, backend.evidence, { requests, connections: CONNECTIONS });
      await waitFor(() => load.answered() > 6 * CONNECTIONS);

      const signalled = performance.now();
      const stopped = service.stop();
      assert.deepEqual(await load.done, [], 'what was not answered');
      assert.equal(await stopped, 0, service.lastLines().join('\n'));
      assert.ok(performance.now() - signalled < 15_000, 'one scrape ends the 30 s for which the metrics linger');

      assert.equal(serverSpansOf(backend, name).length, load.answered());
      assert.equal(completionLinesOf(backend, name).length, load.answered());
      assertChecksHold(backend, ['request-counts', 'log-trace', 'trace-logs']);
      assert.deepEqual(listGaps(backend.evidence), []);
    });

    it(`${name} loses no line on stdout to a reader that falls behind`, async () => {
      await using run = await startRun(under, { LOG_OUTPUT: 'stdout', NODE_OPTIONS: WRITES_FAIL_WHEN_FULL });
      const { service } = run;
      await logUnread(run);
      const stopped = service.stop();
      await closed(service);
      service.process.stdout?.resume();
      assert.equal(await stopped, 0);
      for (const message of ['request failed', 'request completed'])
        assert.equal(service.logLines(message).length, 500, message);
      assert.match(service.output.at(-1) ?? '', /"server stopped"/);
    });

    it(`${name} ends at once on a second signal`, async () => {
      await using run = await startRun(under, { DRAIN_DELAY: '60000' });
      run.service.process.kill('SIGTERM');
      await waitFor(() => run.service.logLines('server stopping').length === 1);
      run.service.process.kill('SIGTERM');
      assert.equal(await run.service.ended, 128 + 15);
    });

    it(`${name} ends at once on a second signal, although nobody reads its stdout`, async () => {
      await using run = await startRun(under, { LOG_OUTPUT: 'stdout', NODE_OPTIONS: WRITES_FAIL_WHEN_FULL });
      const { service } = run;
      await logUnread(run);
      const exited = once(service.process, 'exit');
      service.process.kill('SIGTERM');
      await closed(service);
      service.process.kill('SIGTERM');
      assert.deepEqual(await exited, [128 + 15, null]);
    });

    it(`${name} keeps its metrics for METRICS_LINGER when nobody scrapes`, {
      skip: under.metrics !== 'scrape',
    }, async () => {
      await using run = await startRun(under, { METRICS_LINGER: '1500' });
      await run.backend.scrapeNow(); // none is under way from here on
      const signalled = performance.now();
      run.service.process.kill('SIGTERM');
      await waitFor(() => run.service.logLines('server stopped').length === 1);
      await assert.rejects(fetch(`${run.service.url}/livez`), 'the API is closed');
      assert.equal(
        (await fetch(String(run.service.metricsUrl).replace('/metrics', '/'))).status,
        404,
        'the metrics are not',
      );
      assert.equal(await run.service.ended, 0);
      assert.ok(performance.now() - signalled >= 1500);
    });
  }
});

/** More lines than a pipe holds, while nobody reads them. */
async function logUnread({ backend, service }: Run): Promise<void> {
  service.process.stdout?.pause();
  const failing = { path: '/api/error', route: '/api/error', status: 500 };
  const load = startLoad(service, backend.evidence, { requests: [failing], connections: 10, count: 500 });
  assert.deepEqual(await load.done, []);
}

async function closed({ url }: RunningService): Promise<void> {
  const fails = () =>
    fetch(`${url}/livez`).then(
      () => false,
      () => true,
    );
  await waitFor(fails, 'the API is closed');
}
