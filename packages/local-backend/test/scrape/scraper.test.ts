import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { suite, type TestContext, test } from 'node:test';
import { listExemplars, listSeries, listServices, pointsOf, requestCounts } from '@clew/evidence';
import { listen } from '../../src/listener.ts';
import { gapsOf, startBackend, until } from '../support/backend.ts';

const openMetricsType = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
const hour = 3_600_000;

interface Page {
  status?: number;
  type?: string;
  text: string;
}

interface TestTarget {
  url: string;
  page: Page;
  requests: IncomingMessage[];
  stop: () => Promise<void>;
}

/** A target that shows `page`; `requests` are what it was asked. */
async function startTarget(t: TestContext, text: string): Promise<TestTarget> {
  const page: Page = { text };
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    response.writeHead(page.status ?? 200, { 'content-type': page.type ?? openMetricsType }).end(page.text);
  });
  const { port, close } = await listen(server, '127.0.0.1', 0, () => server.closeAllConnections());
  t.after(() => server.listening && close());
  return { url: `http://127.0.0.1:${port}/metrics`, page, requests, stop: close };
}

const exemplar = (traceId: string, value: number) => `# {trace_id="${traceId}",span_id="eee19b7ec3c1b174"} ${value}`;
const exposition = (count: number, traceId: string) => `# TYPE d histogram
d_bucket{le="0.1",service_name="liar"} ${count} ${exemplar(traceId, 0.05)}
d_bucket{le="+Inf",service_name="liar"} ${count}
d_sum{service_name="liar"} 1
d_count{service_name="liar"} ${count}
# EOF
`;
const first = '5b8efff798038103d269b633813fc60c';
const second = '5b8efff798038103d269b633813fc60d';

const requests = (count: number, startS: number) => `# TYPE http_server_request_duration_seconds histogram
http_server_request_duration_seconds_bucket{http_request_method="GET",http_route="/a",le="+Inf"} ${count}
# TYPE process_start_time_seconds gauge
process_start_time_seconds ${startS}
# EOF
`;

interface State {
  up: boolean;
  scrapes: number;
  series?: number;
  error?: string;
}

async function targetOf(apiUrl: string): Promise<State> {
  const targets = (await (await fetch(`${apiUrl}/api/targets`)).json()) as State[];
  return targets[0] ?? assert.fail('no target');
}

test('a target is scraped at once, with its labels, and asked for OpenMetrics first', async (t) => {
  const { url, requests } = await startTarget(t, exposition(1, first));
  const labels = { service_name: 'prom-otel', service_namespace: 'clew' };
  const { evidence, apiUrl } = await startBackend(t, { targets: [{ url, intervalMs: hour, labels }] });
  await until('it is scraped', async () => (await targetOf(apiUrl)).scrapes === 1);
  assert.match(requests[0]?.headers.accept ?? '', /^application\/openmetrics-text;version=1.0.0/);
  const [d, up] = listSeries(evidence);
  assert.deepEqual(d?.labels, { ...labels, exported_service_name: 'liar' });
  assert.deepEqual(d?.last?.histogram, { bounds: [0.1], counts: [1, 0], sum: 1, count: 1 });
  assert.deepEqual([up?.metric, up?.labels, up?.last?.value], ['up', labels, 1]);
  assert.deepEqual(
    listServices(evidence).map(({ name }) => name),
    ['prom-otel'],
  );
  assert.equal(listExemplars(evidence)[0]?.seriesId, d?.id, 'the exemplar is of the same series');
});

test('it is scraped once an interval', async (t) => {
  const { url, requests } = await startTarget(t, '# EOF');
  await startBackend(t, { targets: [{ url }], scrapeIntervalMs: 20 });
  await until('three scrapes came', () => requests.length >= 3);
});

test('an exemplar that is still shown is stored once, a new one as well', async (t) => {
  const { url, page } = await startTarget(t, exposition(1, first));
  const { evidence, addTarget, scrapeNow } = await startBackend(t);
  addTarget({ url, intervalMs: hour });
  await scrapeNow();
  await scrapeNow();
  assert.equal(listExemplars(evidence).length, 1);
  page.text = exposition(2, second);
  await scrapeNow();
  assert.deepEqual(
    listExemplars(evidence)
      .map(({ traceId }) => traceId)
      .sort(),
    [first, second],
  );
  const [d] = listSeries(evidence, { metric: 'd' });
  assert.ok(pointsOf(evidence, d?.id ?? 0).length >= 3, 'a point for each scrape');
});

test('an exemplar that could not be stored is stored by the next scrape that shows it', async (t) => {
  const { url } = await startTarget(t, exposition(1, first));
  const { evidence, addTarget, scrapeNow } = await startBackend(t);
  evidence.db.exec('PRAGMA query_only = ON');
  addTarget({ url, intervalMs: hour });
  await scrapeNow();
  evidence.db.exec('PRAGMA query_only = OFF');
  await scrapeNow();
  await scrapeNow();
  assert.equal(listExemplars(evidence).length, 1);
  const [d] = listSeries(evidence, { metric: 'd' });
  assert.equal(pointsOf(evidence, d?.id ?? 0).length, 2);
  // Two scrapes failed, the first of them at once: each with a histogram, `up` and an exemplar.
  assert.deepEqual(gapsOf(evidence, 'rejected'), { 'metrics: store failed': 6 });
});

test('an exemplar without ids is counted once for as long as it is shown, a new one as well', async (t) => {
  const page = (user: string) => `# TYPE a counter\na_total 1 # {user="${user}"} 1\n# EOF\n`;
  const { url, page: shown } = await startTarget(t, page('x'));
  const { evidence, addTarget, scrapeNow, flush } = await startBackend(t);
  addTarget({ url, intervalMs: hour });
  for (const user of ['x', 'x', 'y', 'y']) {
    shown.text = page(user);
    await scrapeNow();
  }
  await flush();
  assert.deepEqual(gapsOf(evidence, 'uncheckable'), { 'metrics: exemplar without trace id and span id': 2 });
});

test('a process that has restarted counts anew, also when it has come as far as the one before', async (t) => {
  const startS = Math.floor(Date.now() / 1000) - 60;
  const { url, page } = await startTarget(t, requests(3, startS));
  const { evidence, addTarget, scrapeNow } = await startBackend(t);
  addTarget({ url, intervalMs: hour, labels: { service_name: 'prom-otel' } });
  await scrapeNow();
  page.text = requests(4, startS + 30);
  await scrapeNow();
  assert.equal(requestCounts(evidence)[0]?.histogram, 7);
});

test('a restarted process counts anew, although the clock moves during a scrape', async (t) => {
  let now = Date.now();
  t.mock.method(Date, 'now', () => ++now);
  const { url, page } = await startTarget(t, requests(3, 1000));
  const { evidence, addTarget, scrapeNow } = await startBackend(t);
  addTarget({ url, intervalMs: hour, labels: { service_name: 'prom-otel' } });
  await scrapeNow();
  page.text = requests(4, 1001);
  await scrapeNow();
  assert.equal(requestCounts(evidence)[0]?.histogram, 7);
});

suite('a scrape that fails', () => {
  test('bad text is refused as a whole, counted, and shown with its line', async (t) => {
    const { url, page } = await startTarget(t, 'good 1\n<html>\n# EOF\n');
    const { evidence, apiUrl, addTarget, scrapeNow, flush } = await startBackend(t);
    addTarget({ url, intervalMs: hour });
    await scrapeNow();
    await flush();
    const bad = await targetOf(apiUrl);
    assert.match(bad.error ?? '', /^line 2: expected a metric name at "<html>"/);
    assert.equal(bad.up, false);
    assert.deepEqual(
      listSeries(evidence).map(({ metric, last }) => [metric, last?.value]),
      [['up', 0]],
    );
    const { scrapes } = bad;
    assert.deepEqual(gapsOf(evidence, 'rejected'), { 'metrics: scrape that is not valid text': scrapes });

    page.text = 'good 1\n# EOF\n';
    await scrapeNow();
    const good = await targetOf(apiUrl);
    assert.deepEqual([good.up, good.error, good.series], [true, undefined, 1]);
  });

  test('a target that is down is shown with the reason', async (t) => {
    const { url, stop } = await startTarget(t, '');
    await stop();
    const { apiUrl, addTarget, scrapeNow } = await startBackend(t);
    addTarget({ url, intervalMs: hour });
    await scrapeNow();
    assert.match((await targetOf(apiUrl)).error ?? '', /ECONNREFUSED/);
  });

  test('a status that is not 2xx is one', async (t) => {
    const { url, page } = await startTarget(t, '# EOF');
    page.status = 503;
    const { apiUrl, addTarget, scrapeNow } = await startBackend(t);
    addTarget({ url, intervalMs: hour });
    await scrapeNow();
    assert.equal((await targetOf(apiUrl)).error, 'HTTP 503');
  });
});

test('text of another type is read as classic text', async (t) => {
  const { url, page } = await startTarget(t, 'a 1 1650000000500\n');
  page.type = 'text/plain; version=0.0.4';
  const { evidence, addTarget, scrapeNow } = await startBackend(t);
  addTarget({ url, intervalMs: hour });
  await scrapeNow();
  assert.equal(listSeries(evidence, { metric: 'a' })[0]?.last?.timeUs, 1_650_000_000_500_000);
});

test('a target that never answers does not keep the backend from closing', async (t) => {
  const server = createServer(() => {});
  const { port, close } = await listen(server, '127.0.0.1', 0, () => server.closeAllConnections());
  t.after(close);
  const backend = await startBackend(t);
  const asked = once(server, 'request');
  backend.addTarget({ url: `http://127.0.0.1:${port}/`, intervalMs: hour });
  await asked;
  await backend.close();
});

test('a URL that is not http is an error', async (t) => {
  const { addTarget } = await startBackend(t);
  assert.throws(() => addTarget({ url: 'file:///etc/passwd' }), /not an http URL/);
});
