import assert from 'node:assert/strict';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { startChild } from '../demo/src/child.ts';
import { openLogStream } from '../demo/src/log-stream.ts';
import { listExemplars, listSeries } from '../packages/evidence/src/index.ts';
import { logsOf, serverSpansOf } from './harness/read.ts';
import { assertChecksHold, startBackend } from './harness/run.ts';
import { services } from './harness/services.ts';
import { waitFor } from './harness/wait-for.ts';

const ROUTE = '/hello/:name';

describe('src/telemetry alone, beside a Fastify app of 20 lines', { concurrency: 2 }, () => {
  for (const { name, metrics, logs } of services) {
    it(`of ${name} gives a trace with its log lines and its metric`, async () => {
      await using project = await copyTelemetry(name);
      await using backend = await startBackend();
      const stdout = logs === 'stdout' ? openLogStream(backend.apiUrl, name) : undefined;
      const app = startChild({
        name: 'copied app',
        file: join(project.folder, 'app.ts'),
        env: { PORT: '0', METRICS_PORT: '0', METRICS_LINGER: '0', OTEL_EXPORTER_OTLP_ENDPOINT: backend.grpcUrl },
        onLine: (line) => {
          stdout?.write(line);
          const port = /"server.port":(\d+).*"metrics listening"/.exec(line)?.[1];
          if (port !== undefined)
            backend.addTarget({ url: `http://127.0.0.1:${port}/metrics`, labels: { service_name: name } });
        },
      });
      try {
        const url = await app.waitForLine((line) => /^http:\S+$/.exec(line)?.[0], 20_000);
        assert.deepEqual(await (await fetch(`${url}/hello/ada`)).json(), { hello: 'ada' });
        await waitFor(() => serverSpansOf(backend, name).length === 1);
        await backend.scrapeNow();
        assert.equal(await app.stop(20_000), 0, app.lastLines().join('\n'));
        await stdout?.end();
      } finally {
        app.process.kill('SIGKILL');
      }

      const [span] = serverSpansOf(backend, name);
      assert.deepEqual([span?.name, span?.attributes['user.id']], [`GET ${ROUTE}`, '7']);
      for (const message of ['greeting', 'request completed']) {
        const [line] = logsOf(backend, name, message);
        assert.deepEqual([line?.traceId, line?.spanId], [span?.traceId, span?.spanId], message);
      }
      const [series] = listSeries(backend.evidence, {
        metric: 'http_server_request_duration_seconds',
        labels: { http_route: ROUTE },
      });
      assert.deepEqual([series?.source, series?.last?.histogram?.count], [metrics, 1]);
      assert.equal(listExemplars(backend.evidence)[0]?.spanId, span?.spanId);
      assertChecksHold(backend, ['log-trace', 'trace-logs', 'request-counts', 'exemplar-trace']);
    });
  }
});

/** An empty project with nothing but the telemetry of a service, the app, and the packages that the service has. */
async function copyTelemetry(service: string): Promise<AsyncDisposable & { folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'clew-copy-'));
  const from = join(import.meta.dirname, '../services', service);
  await cp(join(from, 'src/telemetry'), join(folder, 'telemetry'), { recursive: true });
  await cp(join(import.meta.dirname, 'fixtures/copied-app.ts'), join(folder, 'app.ts'));
  await symlink(join(from, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
