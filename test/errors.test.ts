import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listGaps, listSeries } from '../packages/evidence/src/index.ts';
import { startLoad } from './harness/load.ts';
import { completionLinesOf, logsOf, serverSpansOf } from './harness/read.ts';
import { assertChecksHold, startRun } from './harness/run.ts';
import { services } from './harness/services.ts';
import { waitFor } from './harness/wait-for.ts';

const COUNT = 3_000;
const CONNECTIONS = 64;
const requests = [{ path: '/api/error?type=exception', route: '/api/error', status: 500 }];
// As in production, so that batches get as large as they get there.
const PRODUCTION = {
  OTEL_BSP_SCHEDULE_DELAY: '',
  OTEL_BLRP_SCHEDULE_DELAY: '',
  OTEL_METRIC_EXPORT_INTERVAL: '',
  OTEL_EXPORTER_OTLP_TIMEOUT: '30000', // the size of a batch is on trial, not the speed of a busy machine
};

describe('a load of nothing but errors with stacks', { concurrency: 2 }, () => {
  for (const under of services) {
    const { name } = under;

    it(`${name} loses none of ${COUNT}, and has no batch refused for its size`, async () => {
      await using run = await startRun(under, PRODUCTION);
      const { backend, service } = run;
      const load = startLoad(service, backend.evidence, { requests, connections: CONNECTIONS, count: COUNT });
      assert.deepEqual(await load.done, []);
      // Not left to the stop, whose 5 s are short for a busy machine: test/stop.test.ts is about that.
      await waitFor(() => serverSpansOf(backend, name).length === COUNT, 'every span', 60_000);
      assert.equal(await service.stop(), 0, service.lastLines().join('\n'));

      assert.deepEqual(listGaps(backend.evidence), [], 'refused, or not stored');
      assert.equal(serverSpansOf(backend, name).length, COUNT);
      assert.equal(completionLinesOf(backend, name).length, COUNT);
      const failed = logsOf(backend, name, 'request failed');
      assert.equal(failed.length, COUNT);
      assert.ok(failed.every(({ attributes }) => /\n +at /.test(String(attributes['exception.stacktrace']))));
      const lost = listSeries(backend.evidence, { service: name }).filter(
        ({ metric, labels }) =>
          /^otel_sdk_processor_\w+_processed_total$/.test(metric) && labels.error_type !== undefined,
      );
      assert.deepEqual(lost, [], 'the SDK dropped nothing');
      assertChecksHold(backend, ['request-counts', 'log-trace', 'trace-logs']);
    });
  }
});
