import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listSeries, requestCounts } from '../packages/evidence/src/index.ts';
import type { Fault } from '../packages/local-backend/src/index.ts';
import { freePort } from './harness/free-port.ts';
import { startLoad } from './harness/load.ts';
import { serverSpansOf } from './harness/read.ts';
import { assertChecksHold, type RunningBackend, startBackend, startRun } from './harness/run.ts';
import { type RunningService, runService } from './harness/running-service.ts';
import { services } from './harness/services.ts';
import { waitFor } from './harness/wait-for.ts';

const COUNT = 200;
const DIAGNOSTICS_QUIET_MS = 10_000;
const users = { path: '/api/users', route: '/api/users' };

describe('a collector that behaves badly', { concurrency: 5 }, () => {
  for (const under of services) {
    const { name } = under;

    it(`${name} answers while there is no collector, and is heard once there is one`, async () => {
      await using elsewhere = await startBackend(); // for what does not go over OTLP
      const grpcPort = await freePort();
      const nowhere = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${grpcPort}` };
      await using service = await runService(under, elsewhere, nowhere);
      await answersAll(service, elsewhere);
      await waitFor(() => service.logLines('telemetry warning').length > 0, 'a failed export is told');
      await using backend = await startBackend({ grpcPort });
      await waitFor(() => serverSpansOf(backend, name).length === COUNT, 'what was not taken is sent again');
      assert.equal(await service.stop(), 0);
    });

    it(`${name} answers while the collector is overloaded or drops, and sends again what was not taken`, async () => {
      await using run = await startRun(under);
      const { backend, service } = run;
      const startedAt = performance.now();
      const faults: Fault[] = [{ kind: 'error', code: 503 }, { kind: 'drop' }];
      for (const fault of faults) {
        for (const signal of ['traces', 'logs'] as const) backend.setFault({ ...fault, signal });
        await answersAll(service, backend);
        await waitFor(() => faultHits(backend), 'an export that failed');
        backend.clearFaults();
      }
      assert.equal(await service.stop(), 0);
      assert.equal(serverSpansOf(backend, name).length, faults.length * COUNT);
      assert.equal(await lostSpans(backend), 0);
      assertChecksHold(backend, ['request-counts', 'trace-logs']);
      const told = service.logLines('telemetry warning').length;
      assert.ok(
        told > 0 && told <= 1 + (performance.now() - startedAt) / DIAGNOSTICS_QUIET_MS,
        `${told} lines about it`,
      );
    });

    it(`${name} counts what the collector will never take, says so, and goes on`, async () => {
      await using run = await startRun(under);
      const { backend, service } = run;
      for (const signal of ['traces', 'logs'] as const) backend.setFault({ kind: 'error', code: 400, signal });
      await answersAll(service, backend);
      await waitFor(async () => (await lostSpans(backend)) === COUNT, 'all lost, and counted');
      assert.ok(service.logLines('telemetry error').length > 0);
      backend.clearFaults();
      await isHeard(service, backend);
      assert.equal(await service.stop(), 0);
      const [count] = requestCounts(backend.evidence);
      assert.equal(Number(count?.spans) + (await lostSpans(backend)), count?.sent);
    });

    it(`${name} sends again over HTTP what was refused with 503 and Retry-After`, async () => {
      await using backend = await startBackend();
      const http = { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf', OTEL_EXPORTER_OTLP_ENDPOINT: backend.httpUrl };
      await using service = await runService(under, backend, http);
      for (const signal of ['traces', 'logs'] as const)
        backend.setFault({ kind: 'error', code: 503, retryAfterMs: 1000, signal });
      await answersAll(service, backend);
      await waitFor(() => faultHits(backend), 'an export that was refused');
      backend.clearFaults();
      assert.equal(await service.stop(), 0);
      assert.equal(serverSpansOf(backend, name).length, COUNT);
      assertChecksHold(backend, ['request-counts', 'trace-logs']);
    });

    it(`${name} loses nothing to a collector that takes 2 s`, async () => {
      await using run = await startRun(under);
      run.backend.setFault({ kind: 'latency', ms: 2000 });
      await answersAll(run.service, run.backend);
      assert.equal(await run.service.stop(), 0);
      assert.equal(serverSpansOf(run.backend, name).length, COUNT);
      assertChecksHold(run.backend, ['request-counts', 'trace-logs']);
    });

    it(`${name} ends within its deadlines when no export is ever answered, and says so`, async () => {
      await using run = await startRun(under);
      run.backend.setFault({ kind: 'black-hole' });
      await answersAll(run.service, run.backend);
      const signalled = performance.now();
      assert.equal(await run.service.stop(), 0);
      assert.ok(performance.now() - signalled < 15_000, 'two deadlines of 5 s');
      assert.ok(run.service.logLines('telemetry not delivered').some(({ signal }) => signal === 'traces'));
    });

    it(`${name} keeps its queue bounded at a black hole, and counts what is lost`, async () => {
      await using run = await startRun(under, {
        OTEL_BSP_MAX_QUEUE_SIZE: '100',
        OTEL_BLRP_MAX_QUEUE_SIZE: '100',
        OTEL_EXPORTER_OTLP_TIMEOUT: '3000', // below the service's own deadline: only an export that has ended is counted
      });
      const { backend, service } = run;
      for (const signal of ['traces', 'logs'] as const) backend.setFault({ kind: 'black-hole', signal });
      for (let i = 0; i < 3; i += 1) await answersAll(service, backend);
      await waitFor(async () => (await lostSpans(backend)) >= 2 * COUNT, 'what found no room in the queue is counted');
      assert.equal(await service.stop(), 0);
      assert.equal(await lostSpans(backend), 3 * COUNT);
    });
  }
});

/** Whatever the collector does, the application does not wait for it. */
async function answersAll(service: RunningService, { evidence }: RunningBackend): Promise<void> {
  const startedAt = performance.now();
  assert.deepEqual(await startLoad(service, evidence, { requests: [users], connections: 20, count: COUNT }).done, []);
  const tookMs = performance.now() - startedAt;
  assert.ok(tookMs < 5_000, `${COUNT} requests took ${tookMs} ms`);
}

async function isHeard(service: RunningService, backend: RunningBackend): Promise<void> {
  await waitFor(async () => {
    await service.send(users);
    return serverSpansOf(backend, service.name).length > 0;
  }, 'a span that arrives');
}

/** Spans that the SDK says it could not deliver. */
async function lostSpans(backend: RunningBackend): Promise<number> {
  await backend.scrapeNow();
  const series = listSeries(backend.evidence, { metric: 'otel_sdk_processor_span_processed_total' });
  const lost = series.filter(({ labels }) => labels.error_type !== undefined);
  return lost.reduce((sum, { last }) => sum + (last?.value ?? 0), 0);
}

async function faultHits({ apiUrl }: RunningBackend): Promise<boolean> {
  const faults = (await (await fetch(`${apiUrl}/api/faults`)).json()) as { hits: number }[];
  return faults.some(({ hits }) => hits > 0);
}
