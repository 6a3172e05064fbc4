import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { startBackend } from '../support/backend.ts';
import { post } from '../support/clients.ts';
import { encode } from '../support/protobuf.ts';
import { cases, micro, spanId, traceId } from '../support/requests.ts';

const jsonType = { 'content-type': 'application/json' };

/** A backend with one request of each signal in it. */
async function startFilled(t: TestContext) {
  const backend = await startBackend(t);
  for (const { signal, type, json } of cases) await post(`${backend.httpUrl}/v1/${signal}`, encode(type, json));
  const get = async (path: string) => {
    const response = await fetch(backend.apiUrl + path);
    assert.equal(response.status, 200, `${path}: ${await response.clone().text()}`);
    // Tests read what they know is there.
    return (await response.json()) as never;
  };
  const send = (method: string, path: string, body?: unknown) =>
    fetch(backend.apiUrl + path, {
      method,
      ...(body !== undefined && { headers: jsonType, body: JSON.stringify(body) }),
    });
  return { ...backend, get, send };
}

type Found = Record<string, unknown>;

test('/api/services has what each service sent', async (t) => {
  const { get } = await startFilled(t);
  const [service]: Found[] = await get('/api/services');
  assert.deepEqual([service?.name, service?.spans, service?.logs], ['full-otel', 2, 3]);
});

test('/api/summary has counts, linked share, gaps, targets and faults', async (t) => {
  const { get, setFault, httpUrl } = await startFilled(t);
  setFault({ signal: 'logs', kind: 'drop' });
  await post(`${httpUrl}/v1/traces`, 'rubbish');
  const summary: { received: Found; gaps: Found[]; linked: Found; targets: Found[]; faults: Found[] } =
    await get('/api/summary');
  assert.deepEqual([summary.received.spans, summary.received.logs], [2, 3]);
  const rejected = summary.gaps.find((gap) => gap.reason === 'malformed request');
  assert.equal(rejected?.count, 1, 'also what is not yet written');
  const none = { checked: 0, held: 0, rate: null };
  assert.deepEqual(summary.linked, { ...none, exemplars: none, logs: none }, 'all of it is older than a minute');
  assert.deepEqual(summary.targets, []);
  assert.deepEqual(summary.faults, [{ signal: 'logs', kind: 'drop', hits: 0 }]);
});

suite('/api/traces', () => {
  const filters: [query: string, found: number][] = [
    ['', 1],
    ['?service=full-otel', 1],
    ['?service=other', 0],
    ['?error=true&minDurationUs=10000', 1],
    ['?minDurationUs=10001', 0],
    ['?status=500', 0],
    [`?since=${micro}&until=${micro}&limit=1`, 1],
    [`?since=${micro + 1}`, 0],
  ];
  for (const [query, found] of filters) {
    test(`${query || 'without filter'}: ${found}`, async (t) => {
      const { get } = await startFilled(t);
      const traces: Found[] = await get(`/api/traces${query}`);
      assert.equal(traces.length, found);
    });
  }

  test('a trace has its spans and logs, whatever the case of its id', async (t) => {
    const { get } = await startFilled(t);
    const trace: { traceId: string; spans: Found[]; logs: Found[] } = await get(`/api/traces/${traceId.toUpperCase()}`);
    assert.equal(trace.traceId, traceId);
    assert.ok(trace.spans.some((span) => span.spanId === spanId && span.startUs === micro));
    assert.ok(trace.logs.some((log) => log.body === 'request completed'));
  });

  test('a trace that is not there is 404', async (t) => {
    const { apiUrl } = await startFilled(t);
    assert.equal((await fetch(`${apiUrl}/api/traces/${'0'.repeat(32)}`)).status, 404);
  });
});

test('/api/logs has the newest, by service, level and trace', async (t) => {
  const { get } = await startFilled(t);
  const count = async (query: string) => ((await get(`/api/logs${query}`)) as Found[]).length;
  const queries = ['', '?limit=1', '?level=error', '?service=other', `?traceId=${traceId}`];
  assert.deepEqual(await Promise.all(queries.map(count)), [3, 1, 1, 0, 2]);
});

test('/api/edges has who calls whom', async (t) => {
  const { get } = await startFilled(t);
  const [edge]: Found[] = await get('/api/edges');
  assert.deepEqual(edge, { caller: 'full-otel', callee: 'full-otel', target: null, requests: 1, errors: 1 });
});

test('/api/latency has requests over time, and refuses what it does not know', async (t) => {
  const { get, apiUrl } = await startFilled(t);
  const found: Found = await get(
    '/api/latency?service=full-otel&route=/api/users&status=200&error=true&windowUs=60000000',
  );
  assert.deepEqual(Object.keys(found), ['sinceUs', 'untilUs', 'stepUs', 'cells', 'routes', 'statuses']);
  for (const query of ['windowUs=0', 'status=many', 'path=/']) {
    assert.equal((await fetch(`${apiUrl}/api/latency?${query}`)).status, 400, query);
  }
});

test('/api/summary tells exemplars and log lines that dangle apart', async (t) => {
  const { get, evidence } = await startFilled(t);
  const timeUs = (Date.now() - 30_000) * 1000;
  const line = { timeUs, body: '', traceId, traceFlags: 1, attributes: {}, source: 'otlp' } as const;
  const dangling = { ...line, traceId: 'd'.repeat(32) };
  evidence.write([{ resource: { attributes: {} }, logs: [line, dangling] }]);
  const { linked }: { linked: Found } = await get('/api/summary');
  const logs = { checked: 2, held: 1, rate: 0.5 };
  assert.deepEqual(linked, { ...logs, exemplars: { checked: 0, held: 0, rate: null }, logs });
});

suite('series', () => {
  test('are found by metric and labels, and lead to their points', async (t) => {
    const { get } = await startFilled(t);
    const label = 'label=http_route=/api/users&label=service_name=full-otel';
    const series: { id: number; metric: string }[] = await get(`/api/series?metric=clew_requests_total&${label}`);
    assert.deepEqual(
      series.map(({ metric }) => metric),
      ['clew_requests_total'],
    );
    const points: Found[] = await get(`/api/series/${series[0]?.id}/points`);
    assert.deepEqual(
      points.map(({ value, timeUs }) => [value, timeUs]),
      [[3, micro]],
    );
    assert.deepEqual(await get(`/api/series/${series[0]?.id}/points?since=${micro + 1}`), []);
    assert.deepEqual(await get('/api/series?label=http_route=/other'), []);
  });

  test('have exemplars that say whether their span is there', async (t) => {
    const { get } = await startFilled(t);
    const exemplars: Found[] = await get('/api/exemplars?metric=clew_requests_total&service=full-otel');
    assert.deepEqual(
      exemplars.map((exemplar) => [exemplar.traceId, exemplar.spanId, exemplar.linked]),
      [[traceId, spanId, true]],
    );
  });
});

test('/api/checks runs all checks, or those asked for', async (t) => {
  const { get, apiUrl } = await startFilled(t);
  const names = async (query: string) => ((await get(`/api/checks${query}`)) as Found[]).map(({ name }) => name);
  assert.ok((await names('')).length >= 6);
  assert.deepEqual(await names('?only=exemplar-trace&only=log-trace'), ['exemplar-trace', 'log-trace']);
  assert.deepEqual(await names('?only=exemplar-trace&since=1&until=2'), ['exemplar-trace']);
  const response = await fetch(`${apiUrl}/api/checks?only=nonsense`);
  assert.equal(response.status, 400);
  assert.match(await response.text(), /nonsense/);
});

suite('/api/tallies', () => {
  const tally = { generator: 'demo', service: 'full-otel', method: 'GET', route: '/api/users', status: 200, count: 2 };

  test('add up in the counts', async (t) => {
    const { get, send } = await startFilled(t);
    assert.deepEqual(await (await send('POST', '/api/tallies', [tally, { ...tally, count: 3 }])).json(), { added: 2 });
    const counts: Found[] = await get('/api/counts');
    const row = counts.find(({ method, route }) => method === 'GET' && route === '/api/users');
    assert.equal(row?.sent, 5);
  });

  for (const [name, body] of [
    ['that are no list', tally],
    ['without a count', [{ ...tally, count: undefined }]],
    ['with a negative count', [{ ...tally, count: -1 }]],
    ['with an unknown field', [{ ...tally, sent: 1 }]],
  ] as const) {
    test(`${name} are refused`, async (t) => {
      const { send, get } = await startFilled(t);
      assert.equal((await send('POST', '/api/tallies', body)).status, 400);
      const counts: Found[] = await get('/api/counts');
      assert.ok(counts.every(({ sent }) => sent === null));
    });
  }

  test('are 503 when the store fails', async (t) => {
    const { send, evidence } = await startFilled(t);
    evidence.db.exec('PRAGMA query_only = ON');
    const response = await send('POST', '/api/tallies', [tally]);
    assert.equal(response.status, 503);
    assert.match(await response.text(), /not stored/);
  });

  test('are taken as JSON only: a page elsewhere can send text', async (t) => {
    const { apiUrl } = await startFilled(t);
    const response = await fetch(`${apiUrl}/api/tallies`, { method: 'POST', body: JSON.stringify([tally]) });
    assert.equal(response.status, 415);
  });
});

suite('/api/targets', () => {
  test('are replaced as a whole', async (t) => {
    const { get, send } = await startFilled(t);
    const target = { url: 'http://127.0.0.1:9/a', intervalMs: 3_600_000, labels: { service_name: 'a' } };
    const put = await send('PUT', '/api/targets', [{ url: 'http://127.0.0.1:9/b' }, target]);
    assert.deepEqual(
      ((await put.json()) as Found[]).map(({ url }) => url),
      ['http://127.0.0.1:9/b', target.url],
    );
    await send('PUT', '/api/targets', [target]);
    const [only, ...none]: Found[] = await get('/api/targets');
    assert.deepEqual([only?.url, only?.labels, none], [target.url, target.labels, []]);
    const scraped = (await (await send('POST', '/api/scrape')).json()) as Found[];
    assert.equal(scraped[0]?.up, false);
  });

  test('stay as they are when one of the new ones cannot be scraped, which is said', async (t) => {
    const { send, get } = await startFilled(t);
    await send('PUT', '/api/targets', [{ url: 'http://127.0.0.1:9/a' }]);
    const put = await send('PUT', '/api/targets', [
      { url: 'http://127.0.0.1:9/b' },
      { url: 'http://127.0.0.1:99999/metrics' },
    ]);
    assert.equal(put.status, 400);
    const { error } = (await put.json()) as Found;
    assert.match(String(error), /^http:\/\/127\.0\.0\.1:99999\/metrics is not an http URL/);
    assert.deepEqual(
      ((await get('/api/targets')) as Found[]).map(({ url }) => url),
      ['http://127.0.0.1:9/a'],
    );
  });

  for (const body of [
    [{ url: 'file:///etc/passwd' }],
    [{ url: 'http://a/', interval: 1 }],
    [{ url: 'http://a/', intervalMs: 1 }],
    {},
  ]) {
    test(`${JSON.stringify(body)} is refused`, async (t) => {
      const { send, get } = await startFilled(t);
      assert.equal((await send('PUT', '/api/targets', body)).status, 400);
      assert.deepEqual(await get('/api/targets'), []);
    });
  }
});

suite('/api/faults', () => {
  test('are set, listed, met and cleared', async (t) => {
    const { send, get, httpUrl } = await startFilled(t);
    const fault = { signal: 'traces', kind: 'error', code: 429, retryAfterMs: 3000 };
    assert.deepEqual(await (await send('PUT', '/api/faults', fault)).json(), [{ ...fault, hits: 0 }]);
    assert.equal((await post(`${httpUrl}/v1/traces`, '')).headers.get('retry-after'), '3');
    assert.deepEqual(await get('/api/faults'), [{ ...fault, hits: 1 }]);
    assert.deepEqual(await (await send('DELETE', '/api/faults')).json(), []);
    assert.equal((await post(`${httpUrl}/v1/traces`, '')).status, 200);
  });

  for (const fault of [
    { kind: 'latency' },
    { kind: 'error', code: 1000 },
    { kind: 'flood' },
    { kind: 'drop', signal: 'profiles' },
  ]) {
    test(`${JSON.stringify(fault)} is refused`, async (t) => {
      const { send, get } = await startFilled(t);
      assert.equal((await send('PUT', '/api/faults', fault)).status, 400);
      assert.deepEqual(await get('/api/faults'), []);
    });
  }
});

test('a parameter that is not known is refused, not ignored', async (t) => {
  const { apiUrl } = await startFilled(t);
  const response = await fetch(`${apiUrl}/api/traces?servce=full-otel`);
  assert.equal(response.status, 400);
  assert.match(await response.text(), /additional properties/);
});

test('an unknown path is 404 and says where to look', async (t) => {
  const { apiUrl } = await startFilled(t);
  const response = await fetch(`${apiUrl}/api/nothing`);
  assert.equal(response.status, 404);
  assert.match(await response.text(), /GET \/api/);
});
