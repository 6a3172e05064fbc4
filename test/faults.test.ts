import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { listSeries, pointsOf, requestCounts, type StoredSpan } from '../packages/evidence/src/index.ts';
import { type FakePeer, startFakePeer } from './harness/peer.ts';
import { completionLinesOf, logsOf, serverSpansOf } from './harness/read.ts';
import { type Request, tally } from './harness/requests.ts';
import { assertChecksHold, type Run, startRun } from './harness/run.ts';
import { services } from './harness/services.ts';
import { waitFor } from './harness/wait-for.ts';

const MIB = 2 ** 20;
const TOKEN = 'a-token-of-this-test';
const users = { path: '/api/users', route: '/api/users' };
const slow = { path: '/api/slow?ms=0', route: '/api/slow' };
const asking = (fault: string) => ({ headers: { 'x-clew-fault': fault } });

describe('faults', { concurrency: 2 }, () => {
  for (const under of services) {
    const { name, metrics } = under;

    describe(`in ${name}`, { concurrency: 1 }, () => {
      let run: Run;
      let peer: FakePeer;

      before(async () => {
        peer = await startFakePeer();
        run = await startRun(under, {
          FAULTS: 'error;status=501;route=/;name=of-env;ttlMs=600000',
          FAULTS_FROM_HEADERS: 'true',
          FAULTS_ADMIN_TOKEN: TOKEN,
          PEER_URL: peer.url,
        });
      });
      after(async () => {
        await run?.[Symbol.asyncDispose]();
        await peer?.[Symbol.asyncDispose]();
      });

      const spansWith = (fault: string): StoredSpan[] =>
        serverSpansOf(run.backend, name).filter(({ attributes }) => attributes['clew.fault.name'] === fault);
      /** The span of the only request that met the fault; its completion line says the same. */
      const spanWith = async (fault: string): Promise<StoredSpan> => {
        const span = await waitFor(() => spansWith(fault)[0], `a span with ${fault}`);
        assert.equal(spansWith(fault).length, 1);
        const line = await waitFor(() =>
          completionLinesOf(run.backend, name).find(({ spanId }) => spanId === span.spanId),
        );
        for (const key of ['clew.fault.name', 'clew.fault.source', 'error.type', 'http.response.status_code']) {
          assert.equal(line.attributes[key], span.attributes[key], key);
        }
        return span;
      };
      const admin = async (method: string, faults?: object[]): Promise<void> => {
        const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
        const body = faults === undefined ? {} : { body: JSON.stringify({ faults }) };
        const url = `${run.service.url}/admin/faults`;
        const answer = await fetch(url, {
          method,
          headers: faults ? headers : { authorization: headers.authorization },
          ...body,
        });
        assert.equal(answer.status, 200, await answer.text());
      };
      /** Every value that a metric has had, over all its series that have these labels. */
      const valuesOf = async (metric: string, labels: Record<string, string> = {}): Promise<number[]> => {
        if (metrics === 'scrape') await run.backend.scrapeNow();
        const { evidence } = run.backend;
        const series = listSeries(evidence, { metric, labels, service: name, limit: 10_000 });
        return series.flatMap(({ id }) => pointsOf(evidence, id).map(({ value }) => Number(value)));
      };
      const leave = async (request: Request, signal?: AbortSignal): Promise<void> => {
        const { path, headers = {} } = request;
        await assert.rejects(fetch(`${run.service.url}${path}`, { headers, signal: signal ?? null }));
        tally(run.backend.evidence, name, { ...request, aborted: true }, 1);
      };

      it('come from the environment, the admin API and a header', async () => {
        const root = { path: '/', route: '/' };
        await run.service.send({ ...root, status: 501 });
        await admin('PUT', [{ name: 'of-admin', kind: 'error', status: 502, match: { route: '/' }, ttlMs: 600_000 }]);
        await run.service.send({ ...root, status: 502 });
        await run.service.send({ ...root, ...asking('error;status=504;name=of-header'), status: 504 });
        for (const source of ['env', 'admin', 'header']) {
          const { attributes } = await spanWith(`of-${source}`);
          assert.equal(attributes['clew.fault.source'], source);
        }
        for (const source of ['env', 'admin']) {
          const labels = { clew_fault_name: `of-${source}`, clew_fault_source: source };
          await waitFor(async () => (await valuesOf('clew_fault_active', labels)).includes(1));
        }
        await admin('DELETE');
        await run.service.send({ ...root, status: 501 });
        await waitFor(async () => (await valuesOf('clew_fault_active', { clew_fault_name: 'of-admin' })).at(-1) === 0);
        const lines = run.service.logLines().filter(({ msg }) => String(msg).startsWith('fault '));
        assert.deepEqual(
          lines.map((line) => [line.msg, line['clew.fault.name'], line['clew.fault.source'], line['clew.fault.hits']]),
          [
            ['fault started', 'of-env', 'env', undefined],
            ['fault started', 'of-admin', 'admin', undefined],
            ['fault ended', 'of-admin', 'admin', 1],
          ],
        );
      });

      it('latency, cpu and block show in the duration', async () => {
        for (const kind of ['latency', 'cpu', 'block']) {
          await run.service.send({ ...users, ...asking(`${kind};ms=400;name=${kind}`) });
          const { durationUs } = await spanWith(kind);
          assert.ok(durationUs > 395_000 && durationUs < 4_000_000, `${kind}: ${durationUs} us`);
        }
      });

      it('block shows in the delay of the event loop', async () => {
        const metric = metrics === 'otlp' ? 'nodejs_eventloop_delay_max_seconds' : 'nodejs_eventloop_lag_max_seconds';
        await run.service.send({ ...users, ...asking('block;ms=900;name=long-block') });
        await waitFor(async () => Math.max(...(await valuesOf(metric))) > 0.8, `${metric} > 0.8`);
      });

      it('error and exception show in status, error.type and a line with the error', async () => {
        await run.service.send({ ...users, ...asking('error;status=503;name=plain'), status: 503 });
        await run.service.send({ ...users, ...asking('exception;name=thrown'), status: 500 });
        for (const [fault, type, exception] of [
          ['plain', 'fault', 'ProblemError'],
          ['thrown', 'FaultError', 'FaultError'],
        ] as const) {
          const span = await spanWith(fault);
          assert.equal(span.attributes['error.type'], type);
          const failed = await waitFor(() =>
            logsOf(run.backend, name, 'request failed').find(({ spanId }) => spanId === span.spanId),
          );
          assert.equal(failed.attributes['exception.type'], exception);
        }
      });

      it('hang ends by the handler timeout, or when the client leaves; drop is an abort', async () => {
        const timedOut = run.service.send({ ...slow, ...asking('hang;name=hung'), status: 503 });
        await leave({ ...slow, ...asking('hang;name=left') }, AbortSignal.timeout(300));
        await leave({ ...slow, ...asking('drop;name=dropped') });
        for (const fault of ['left', 'dropped']) {
          const { attributes } = await spanWith(fault);
          assert.deepEqual([attributes['error.type'], attributes['http.response.status_code']], ['aborted', undefined]);
        }
        await timedOut;
        const { attributes, durationUs } = await spanWith('hung');
        assert.equal(attributes['error.type'], 'FST_ERR_HANDLER_TIMEOUT');
        assert.ok(durationUs > 11_900_000, `${durationUs} us`);
      });

      it('dependency fails the call to the peer, which sees nothing of it', async () => {
        const data = { path: '/api/data', route: '/api/data' };
        await run.service.send(data);
        await run.service.send({ ...data, ...asking('dependency'), status: 502 });
        assert.equal((await spanWith('dependency')).attributes['error.type'], 'peer_unavailable');
        assert.equal(peer.calls.length, 1);
      });

      it('memory shows in the heap', async () => {
        const metric = metrics === 'otlp' ? 'v8js_memory_heap_used_bytes' : 'nodejs_heap_size_used_bytes';
        const labels: Record<string, string> = metrics === 'otlp' ? { v8js_heap_space_name: 'large_object_space' } : {};
        const earlier = Math.max(
          ...(await waitFor(async () => {
            const values = await valuesOf(metric, labels);
            return values.length > 0 && values;
          })),
        );
        await admin('PUT', [
          { kind: 'memory', bytes: 16 * MIB, maxBytes: 96 * MIB, match: { route: '/api/slow' }, ttlMs: 600_000 },
        ]);
        for (let i = 0; i < 8; i += 1) await run.service.send(slow);
        await waitFor(async () => Math.max(...(await valuesOf(metric, labels))) - earlier > 80 * MIB);
        await admin('DELETE');
      });

      it('log-flood shows as lines of the request', async () => {
        await run.service.send({ ...users, ...asking('log-flood;lines=50') });
        const { traceId } = await spanWith('log-flood');
        await waitFor(() => logsOf(run.backend, name, 'fault log line').length === 50);
        assert.ok(logsOf(run.backend, name, 'fault log line').every((line) => line.traceId === traceId));
      });

      it('labels shows as series of its own, as many as it may make', async () => {
        await admin('PUT', [{ kind: 'labels', max: 5, match: { route: '/api/slow' }, ttlMs: 600_000 }]);
        for (let i = 0; i < 7; i += 1) await run.service.send(slow);
        const series = () => listSeries(run.backend.evidence, { metric: 'clew_fault_labels_total', service: name });
        const made = await waitFor(async () => {
          await valuesOf('clew_fault_labels_total');
          const total = series().reduce((sum, { last }) => sum + (last?.value ?? 0), 0);
          return total === 7 && series();
        });
        assert.deepEqual(new Set(made.map(({ labels }) => labels.value)), new Set(['v0', 'v1', 'v2', 'v3', 'v4']));
        await admin('DELETE');
      });

      it('spare the probes, and leave what is counted the same in every signal', async () => {
        await admin('PUT', [{ kind: 'error', ttlMs: 600_000 }]);
        for (const path of ['/livez', '/readyz']) assert.equal((await fetch(`${run.service.url}${path}`)).status, 200);
        await run.service.send({ ...users, status: 500 });
        assert.equal(await run.service.stop(), 0, run.service.lastLines().join('\n'));
        assertChecksHold(run.backend);
        const counted = requestCounts(run.backend.evidence).filter(({ service }) => service === name);
        assert.ok(counted.length > 10);
        for (const count of counted) {
          const { sent, spans, histogram, lines } = count;
          assert.ok(sent !== null && sent > 0, JSON.stringify(count));
          assert.deepEqual([spans, histogram, lines], [sent, sent, sent], JSON.stringify(count));
        }
        const active = listSeries(run.backend.evidence, { metric: 'clew_fault_active', service: name });
        assert.ok(active.length > 3);
        assert.ok(
          active.every(({ last }) => last?.value === 0),
          'all have ended with the service',
        );
      });
    });
  }
});
