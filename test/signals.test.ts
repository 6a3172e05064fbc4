import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { getTrace, listExemplars, listSeries, requestCounts } from '../packages/evidence/src/index.ts';
import { everyEndpoint, probes } from './harness/every-endpoint.ts';
import { expectedSpan, inOrder, shapeOf } from './harness/expected-span.ts';
import { freePort } from './harness/free-port.ts';
import { completionLinesOf, logsOf, serverSpansOf, spansOf } from './harness/read.ts';
import { assertChecksHold, type RunningBackend, startBackend } from './harness/run.ts';
import { type RunningService, runService } from './harness/running-service.ts';
import { services } from './harness/services.ts';

const DURATION = 'http_server_request_duration_seconds';
const BOUNDARIES = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const CLIENT = 3;
const ERROR = 2;

let backend: RunningBackend;
let running: RunningService[];

// Every service gets every request once and is the peer of the one before it.
before(async () => {
  backend = await startBackend();
  const ports = await Promise.all(services.map(freePort));
  const url = (index: number) => `http://127.0.0.1:${ports[index % ports.length]}`;
  running = await Promise.all(
    services.map((under, i) => runService(under, backend, { PORT: `${ports[i]}`, PEER_URL: url(i + 1) })),
  );
  for (const service of running) {
    for (const path of probes) assert.equal((await fetch(`${service.url}${path}`)).status, 200);
    await Promise.all(everyEndpoint.map((request) => service.send(request)));
  }
  for (const service of running) assert.equal(await service.stop(), 0, service.lastLines().join('\n'));
});

after(async () => {
  for (const service of running ?? []) await service[Symbol.asyncDispose]();
  await backend?.close();
});

for (const { name } of services) {
  const peer = services[(services.findIndex((service) => service.name === name) + 1) % services.length]?.name;

  describe(name, () => {
    it('has exactly one SERVER span for each request, named and described by the HTTP conventions', () => {
      const spans = serverSpansOf(backend, name).filter(({ parentSpanId }) => parentSpanId === null);
      assert.deepEqual(inOrder(spans.map(shapeOf)), inOrder(everyEndpoint.map(expectedSpan)));
    });

    it('counts each request once in a histogram with the advised boundaries', () => {
      const series = listSeries(backend.evidence, { metric: DURATION, service: name });
      assert.ok(series.length > 10);
      for (const { last } of series) assert.deepEqual(last?.histogram?.bounds, BOUNDARIES);
      const slow = series.filter(({ labels }) => labels.http_route === '/api/slow');
      const sum = slow.reduce((total, { last }) => total + (last?.histogram?.sum ?? 0), 0);
      assert.ok(sum > 0.33 && sum < 20, `requests of 30, 300 and a few more ms took ${sum} s`);
    });

    it('says the same about each request in span, completion line and log level', () => {
      const lines = completionLinesOf(backend, name);
      for (const span of serverSpansOf(backend, name)) {
        const [line, ...more] = lines.filter((candidate) => candidate.spanId === span.spanId);
        assert.ok(line && more.length === 0, `${1 + more.length} completion lines of ${span.name}`);
        for (const [key, value] of Object.entries(span.attributes)) {
          if (key.startsWith('url.') || key.startsWith('exemplar.') || key.endsWith('_original')) continue;
          assert.deepEqual(line.attributes[key], value, `${key} of ${span.name}`);
        }
        assert.equal(line.level, span.status === ERROR ? 'error' : 'info', span.name);
        const seconds = Number(line.attributes['http.server.request.duration']);
        assert.ok(Math.abs(seconds * 1e6 - span.durationUs) < 2, `${seconds} s, a span of ${span.durationUs} us`);
      }
    });

    it('logs each failure once, in its trace, with type, message and stack', () => {
      const failed = logsOf(backend, name, 'request failed');
      const expected = everyEndpoint.filter(({ status }) => status >= 500);
      assert.equal(failed.length, expected.length);
      for (const { level, traceId, attributes } of failed) {
        assert.equal(level, 'error');
        assert.equal(getTrace(backend.evidence, String(traceId)).length, 1);
        assert.match(String(attributes['exception.type']), /^(Error|ProblemError)$/);
        assert.match(String(attributes['exception.stacktrace']), /^\w+: .+\n +at /);
      }
    });

    it('leads from each of its exemplars to the span that was measured', () => {
      const found = listExemplars(backend.evidence, { service: name, metric: DURATION, limit: 1000 });
      assert.ok(found.length > 10);
      const spans = new Map(spansOf(backend, name).map((span) => [span.spanId, span]));
      for (const { labels, value, spanId, linked } of found) {
        const span = spans.get(spanId);
        assert.ok(linked && span);
        assert.equal(span.attributes['exemplar.recorded'], true);
        assert.equal(span.attributes['http.route'], labels.http_route);
        assert.ok(Math.abs(value * 1e6 - span.durationUs) < 2);
      }
    });

    it('has one trace for a request that crosses both services, with the log lines of both', () => {
      const [server] = serverSpansOf(backend, name).filter(
        ({ attributes }) => attributes['http.route'] === '/api/data',
      );
      const trace = getTrace(backend.evidence, String(server?.traceId));
      const [caller, call, callee] = ['GET /api/data', 'GET', 'GET /api/users'].map((wanted) =>
        trace.find((span) => span.name === wanted),
      );
      assert.equal(trace.length, 3);
      assert.deepEqual([caller?.service, call?.service, callee?.service], [name, name, peer]);
      assert.deepEqual(
        [caller?.parentSpanId, call?.parentSpanId, callee?.parentSpanId],
        [null, caller?.spanId, call?.spanId],
      );
      assert.equal(call?.kind, CLIENT);
      assert.equal(call?.attributes['http.response.status_code'], 200);
      for (const span of [caller, callee]) {
        const lines = completionLinesOf(backend, String(span?.service)).filter(
          ({ traceId }) => traceId === span?.traceId,
        );
        assert.deepEqual(
          lines.map(({ spanId }) => spanId),
          [span?.spanId],
        );
      }
    });

    it('keeps probes out of every signal', () => {
      const paths = [...spansOf(backend, name), ...logsOf(backend, name)].map(
        ({ attributes }) => attributes['url.path'],
      );
      const routes = requestCounts(backend.evidence).map(({ route }) => String(route));
      for (const path of probes) assert.ok(![...paths, ...routes].includes(path), path);
    });
  });
}

it('holds every check: links, parents and roots, and counts that equal what was sent', () => {
  assertChecksHold(backend);
  for (const count of requestCounts(backend.evidence)) {
    const { service, sent, peers, spans, histogram, lines } = count;
    assert.ok(service !== null && sent !== null, JSON.stringify(count));
    assert.deepEqual([spans, histogram, lines], Array(3).fill(sent + peers), JSON.stringify(count));
  }
});
