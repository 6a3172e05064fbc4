import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  listExemplars,
  listSeries,
  listServices,
  pointsOf,
  requestCounts,
  runChecks,
} from '../../packages/evidence/src/index.ts';
import { startFakePeer } from '../harness/peer.ts';
import { clientSpansOf, completionLinesOf, logsOf, serverSpansOf } from '../harness/read.ts';
import { assertChecksHold, type Run, startRun } from '../harness/run.ts';
import { services } from '../harness/services.ts';
import { waitFor } from '../harness/wait-for.ts';

const DURATION = 'http_server_request_duration_seconds';
const users = { path: '/api/users', route: '/api/users' };
const caller = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const sampled = { ...users, headers: { traceparent: `00-${caller.traceId}-${caller.spanId}-01` } };
const unsampled = { ...users, headers: { traceparent: `00-${caller.traceId}-${caller.spanId}-00` } };

describe('settings of the SDK', { concurrency: 4 }, () => {
  for (const under of services) {
    const { name } = under;

    it(`${name} samples as OTEL_TRACES_SAMPLER=parentbased_traceidratio says, in every signal`, async () => {
      await using run = await startRun(under, {
        OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
        OTEL_TRACES_SAMPLER_ARG: '0.1',
      });
      for (let i = 0; i < 30; i += 1) await Promise.all(Array.from({ length: 10 }, () => run.service.send(users)));
      await run.service.send(unsampled);
      await run.service.send(sampled);
      await run.service.stop();

      const spans = serverSpansOf(run.backend, name);
      assert.ok(spans.length > 5 && spans.length < 90, `${spans.length} of 300 at a ratio of 0.1`);
      assert.equal(spans.filter(({ traceId }) => traceId === caller.traceId).length, 1, 'as the caller says');
      const flags = completionLinesOf(run.backend, name).map(({ traceFlags }) => traceFlags);
      assert.deepEqual([flags.length, flags.filter((flag) => flag === 1).length], [302, spans.length]);
      assertChecksHold(run.backend, ['log-trace', 'request-counts', 'exemplar-trace', 'exemplar-value']);
      const [logTrace] = runChecks(run.backend.evidence, { only: ['log-trace'] });
      assert.deepEqual(logTrace?.reasons, { 'not sampled, or no flags': 302 - spans.length });
    });

    it(`${name} samples nothing with OTEL_TRACES_SAMPLER=always_off, and still counts and logs everything`, async () => {
      await using run = await startRun(under, { OTEL_TRACES_SAMPLER: 'always_off' });
      for (let i = 0; i < 5; i += 1) await run.service.send(users);
      await run.service.stop();
      const [count] = requestCounts(run.backend.evidence);
      assert.deepEqual([count?.spans, count?.histogram, count?.lines, count?.unsampled], [null, 5, 5, 5]);
      assert.deepEqual(serverSpansOf(run.backend, name), []);
      assert.deepEqual(listExemplars(run.backend.evidence), []);
    });

    it(`${name} gives exemplars as OTEL_METRICS_EXEMPLAR_FILTER says`, { skip: under.metrics !== 'otlp' }, async () => {
      for (const [filter, fewest, most] of [
        ['always_off', 0, 0],
        ['trace_based', 1, 2],
      ] as const) {
        await using run = await startRun(under, { OTEL_METRICS_EXEMPLAR_FILTER: filter });
        await run.service.send(users);
        await run.service.send(unsampled);
        await run.service.stop();
        const { length } = listExemplars(run.backend.evidence);
        assert.ok(length >= fewest && length <= most, `${length} with ${filter}`);
      }
    });

    it(`${name} takes its name, resource, limits, interval, propagators and diagnostics from OTEL_*`, async () => {
      await using peer = await startFakePeer();
      await using run = await startRun(under, {
        OTEL_SERVICE_NAME: 'renamed',
        OTEL_RESOURCE_ATTRIBUTES: 'team=red,service.namespace=mine,service.version=1=a==,note=%3D',
        OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: '20',
        OTEL_METRIC_EXPORT_INTERVAL: '300',
        OTEL_PROPAGATORS: 'none',
        OTEL_NODE_RESOURCE_DETECTORS: 'env',
        OTEL_NODE_EXPERIMENTAL_SDK_METRICS: 'false',
        OTEL_LOG_LEVEL: 'debug',
        LOG_LEVEL: 'debug',
        PEER_URL: peer.url,
      });
      const { backend, service } = run;
      const described = JSON.parse((await service.send({ path: '/', route: '/' })).body);
      assert.deepEqual([described.name, described.version], ['renamed', '1=a==']);
      await service.send({ path: '/a/path/of/more/than/20/characters', status: 404 });
      await service.send({ ...sampled, path: '/api/data', route: '/api/data' });
      await waitFor(() => clientSpansOf(backend, 'renamed').length === 1);

      const resource = listServices(backend.evidence).find((one) => one.name === 'renamed')?.resources[0];
      assert.deepEqual([resource?.team, resource?.['service.namespace'], resource?.note], ['red', 'mine', '=']);
      assert.equal(resource?.['service.version'], '1=a==', 'one value with = in it takes no other attribute away');
      assert.equal(resource?.['host.name'], undefined, 'no detector, no attribute');
      const [cut] = serverSpansOf(backend, 'renamed').filter((span) => span.name === 'GET');
      assert.equal(cut?.attributes['url.path'], '/a/path/of/more/than');
      assert.equal(peer.calls[0]?.traceparent, undefined, 'no propagator, no header');
      assert.ok(
        serverSpansOf(backend, 'renamed').every(
          ({ traceId, links }) => traceId !== caller.traceId && links.length === 0,
        ),
      );
      assert.ok(service.logLines('telemetry debug').length > 0);
      await backend.scrapeNow();
      const points = () => {
        const [series] = listSeries(backend.evidence, { metric: DURATION });
        return series === undefined ? 0 : pointsOf(backend.evidence, series.id).length;
      };
      await waitFor(() => points() >= (under.metrics === 'otlp' ? 4 : 1), 'a point every 300 ms, or for a scrape');
      const metrics = listSeries(backend.evidence).map(({ metric }) => metric);
      assert.ok(!metrics.some((metric) => metric.startsWith('otel_sdk_')), 'the SDK counts nothing about itself');
    });

    it(`${name} queues, batches and gives up as OTEL_BSP_* and OTEL_BLRP_* say`, async () => {
      await using run = await startRun(under, {
        OTEL_BSP_MAX_QUEUE_SIZE: '20',
        OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '10',
        OTEL_BSP_SCHEDULE_DELAY: '60000',
        OTEL_BSP_EXPORT_TIMEOUT: '500',
        OTEL_BLRP_MAX_QUEUE_SIZE: '20',
        OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: '10',
        OTEL_BLRP_SCHEDULE_DELAY: '60000',
        OTEL_BLRP_EXPORT_TIMEOUT: '500',
      });
      const { backend, service } = run;
      const overOtlp = {
        spans: () => serverSpansOf(backend, name).length,
        ...(under.logs === 'otlp' && { logs: () => logsOf(backend, name).length }),
      };
      for (let i = 0; i < 15; i += 1) await service.send(users);
      for (const [signal, count] of Object.entries(overOtlp)) {
        await waitFor(() => count() > 0, 'a full batch goes out at once');
        assert.equal(count(), 10, `one batch of ${signal}; the rest waits for a minute`);
      }

      backend.setFault({ kind: 'black-hole', signal: 'traces' });
      backend.setFault({ kind: 'black-hole', signal: 'logs' });
      await Promise.all(Array.from({ length: 60 }, () => service.send(users)));
      // One line of a level in ten seconds: requests go on, in case another error came first.
      await waitFor(async () => {
        await service.send(users);
        return service.logLines('telemetry error').some(({ detail }) => detail === 'No answer within 500 ms.');
      });
      for (const signal of Object.keys(overOtlp)) {
        await waitFor(
          async () => Number(await sdkMetric(run, `${signal.slice(0, -1)}_processed_total`, 'queue_full')) > 0,
        );
        assert.equal(await sdkMetric(run, `${signal.slice(0, -1)}_queue_capacity`), 20);
      }
    });

    it(`${name} sends nothing with OTEL_SDK_DISABLED=true, and still answers and logs`, async () => {
      await using run = await startRun(under, { OTEL_SDK_DISABLED: 'true' });
      await run.service.send(users);
      const problem = JSON.parse((await run.service.send({ path: '/nothing/here', status: 404 })).body);
      assert.equal(problem.trace_id, undefined);
      assert.equal(await run.service.stop(), 0);
      const [counted] = listSeries(run.backend.evidence, { metric: DURATION, labels: { http_route: '/api/users' } });
      if (under.metrics === 'scrape')
        assert.equal(counted?.last?.histogram?.count, 1, "scraped metrics are not the SDK's");
      const lines = run.service.logLines('request completed');
      assert.deepEqual(
        lines.map(({ trace_id }) => trace_id),
        [undefined, undefined],
      );
      assert.deepEqual(serverSpansOf(run.backend, name), []);
    });
  }
});

/** The last value of a metric that the SDK counts about its span or log processor. */
async function sdkMetric({ backend }: Run, metric: string, errorType?: string): Promise<number | null | undefined> {
  await backend.scrapeNow();
  const labels = errorType === undefined ? {} : { error_type: errorType };
  return listSeries(backend.evidence, { metric: `otel_sdk_processor_${metric}`, labels })[0]?.last?.value;
}
