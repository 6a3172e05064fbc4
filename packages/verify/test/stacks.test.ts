import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { runVerify } from '../src/cli/run-verify.ts';
import { fakeJaeger } from './support/fake-jaeger.ts';
import { fakeLoki } from './support/fake-loki.ts';
import { fakePrometheus } from './support/fake-prometheus.ts';
import { fakeServer } from './support/fake-server.ts';
import { fakeTempo } from './support/fake-tempo.ts';
import { type Served, twoMinutes } from './support/requests.ts';

const requests = twoMinutes(Date.now() * 1000);

/** Flags of a stack in which each store has its own idea of what happened. */
async function stack(
  t: TestContext,
  { metrics = requests, logs = requests, traces = requests, before = 0 },
): Promise<string[]> {
  const prometheus = await fakeServer(t, fakePrometheus(metrics, { before }));
  const loki = await fakeServer(t, fakeLoki(logs));
  const tempo = await fakeServer(t, fakeTempo(traces));
  return [
    'verify',
    '--prometheus',
    prometheus.url,
    '--loki',
    loki.url,
    '--tempo',
    tempo.url,
    '--rate',
    '1000',
    '--namespace',
    'clew',
  ];
}

interface Result {
  name: string;
  status: string;
  checked: number;
  uncheckable: number;
  reasons: Record<string, number>;
  examples: Record<string, unknown>[];
}

/** Runs the command in this process. */
async function verify(t: TestContext, args: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'clew-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'report.json');
  const code = await runVerify([...args.slice(1), '--output', 'json', '--output-file', file]);
  const { results, verdict, gaps, nothing, error } = JSON.parse(readFileSync(file, 'utf8')) as {
    results: Result[];
    verdict: string;
    gaps: { reason: string }[];
    nothing?: string;
    error?: string;
  };
  const find = (name: string) => results.find((result) => result.name === name) as Result; // every check is in the report
  const broken = results.filter(({ status }) => status === 'falls-short').map(({ name }) => name);
  const empty = results.filter(({ status }) => status === 'nothing-to-check').map(({ name }) => name);
  return { code, verdict, find, broken, empty, gaps, nothing, error };
}

test('Prometheus, Loki and Tempo: every check holds, exit code 0', async (t) => {
  const { code, verdict, broken, empty, find } = await verify(t, await stack(t, {}));
  assert.deepEqual({ broken, empty, verdict, code }, { broken: [], empty: [], verdict: 'holds', code: 0 });
  assert.ok(find('exemplar-trace').checked >= 20);
  assert.equal(find('log-trace').checked, requests.length);
  assert.equal(find('trace-logs').checked, requests.length);
});

test('Jaeger in the place of Tempo: every check holds', async (t) => {
  const flags = await stack(t, {});
  const jaeger = await fakeServer(t, fakeJaeger(requests));
  const { code, broken, empty } = await verify(t, flags.with(5, '--jaeger').with(6, jaeger.url));
  assert.deepEqual({ broken, empty, code }, { broken: [], empty: [], code: 0 });
});

test('what was counted before the window does not count', async (t) => {
  const { find, code } = await verify(t, await stack(t, { before: 1000 }));
  assert.deepEqual(find('request-counts').examples, []);
  assert.equal(code, 0);
});

test('a trace that the store has lost is named by the exemplars and the log lines that lead to it, exit code 1', async (t) => {
  const lost = requests[4] as Served; // there are 160
  const traces = requests.filter(({ traceId }) => traceId !== lost.traceId);
  const { code, broken, find } = await verify(t, await stack(t, { traces }));
  assert.equal(code, 1);
  assert.deepEqual(broken, ['exemplar-trace', 'log-trace', 'request-counts']);
  assert.equal(find('log-trace').examples[0]?.traceId, lost.traceId);
});

test('a line that Loki has lost is missed by its request and by the counts', async (t) => {
  const { code, broken } = await verify(t, await stack(t, { logs: requests.slice(1) }));
  assert.deepEqual({ broken, code }, { broken: ['trace-logs', 'request-counts'], code: 1 });
});

test('a request that the histogram has not counted is named with its numbers', async (t) => {
  const { find } = await verify(t, await stack(t, { metrics: requests.slice(1) }));
  const [example] = find('request-counts').examples;
  assert.deepEqual({ ...example, differs: example?.differs }, { ...example, differs: ['histogram'] });
  assert.equal(Number(example?.lines) - Number(example?.histogram), 1);
});

test('traces over --limit are uncheckable, not missing, and spans are not counted then', async (t) => {
  const { broken, find, gaps } = await verify(t, [...(await stack(t, {})), '--limit', '30']);
  assert.deepEqual(broken, []);
  const reason = 'traces after the first 30 were not looked up (--limit)';
  for (const name of ['exemplar-trace', 'log-trace']) {
    const { checked, reasons } = find(name);
    assert.ok(checked > 0 && (reasons[reason] ?? 0) > 0, name);
  }
  assert.equal(find('log-trace').checked + find('log-trace').uncheckable, requests.length);
  assert.ok(gaps.some(({ reason: gap }) => gap === `log lines: ${reason}`));
  assert.ok(gaps.some(({ reason: gap }) => gap.startsWith('SERVER spans and tallies were not counted')));
});

test('without a trace store nothing is said about traces, and the rest is checked', async (t) => {
  const { broken, find } = await verify(t, (await stack(t, {})).toSpliced(5, 2));
  assert.deepEqual(broken, []);
  assert.deepEqual(find('log-trace').reasons, { 'no trace store was given (--tempo or --jaeger)': requests.length });
  assert.ok(find('valid-ids').checked >= requests.length);
  assert.equal(find('exemplar-coverage').status, 'holds');
  assert.equal(find('request-counts').status, 'holds');
});

test('without a quiet moment at the edges requests are not counted, and that is said', async (t) => {
  const flags = await stack(t, {});
  const [first, last] = [requests[20], requests.at(-20)].map((request) =>
    new Date((request?.startUs ?? 0) / 1000).toISOString(),
  );
  const { code, empty, find } = await verify(t, [...flags, '--since', first ?? '', '--until', last ?? '']);
  assert.deepEqual({ empty, code }, { empty: ['request-counts'], code: 2 });
  assert.match(Object.keys(find('request-counts').reasons)[0] ?? '', /requests at the ends of the window/);
});

test('without Loki nothing is said about log lines, and a check without a subject is no success', async (t) => {
  const flags = (await stack(t, {})).toSpliced(3, 2);
  const { code, broken, empty } = await verify(t, flags);
  assert.deepEqual({ code, broken, empty }, { code: 2, broken: [], empty: ['log-trace', 'trace-logs'] });
  const left = await verify(t, [...flags, '--skip', 'log-trace', '--skip', 'trace-logs']);
  assert.equal(left.code, 0);
});

test('a healthy stack that samples at the tail holds with --tail-sampled, and its exemplars stay strict', async (t) => {
  const slow = new Set(requests.filter(({ durationUs }) => durationUs > 100_000).map(({ traceId }) => traceId));
  const prometheus = await exemplarsOf(t, slow);
  const traces = requests.filter(({ traceId }) => slow.has(traceId));
  const flags = (await stack(t, { traces })).with(2, prometheus.url);
  const coverage = ['--skip', 'exemplar-coverage']; // only slow requests have exemplars here
  assert.deepEqual((await verify(t, [...flags, ...coverage])).broken, ['log-trace', 'request-counts']);
  const { broken, empty, code, find } = await verify(t, [...flags, ...coverage, '--tail-sampled']);
  assert.deepEqual({ broken, empty, code }, { broken: [], empty: [], code: 0 });
  assert.ok((find('log-trace').reasons['trace not kept by tail sampling'] ?? 0) > 50);
  assert.ok((find('request-counts').reasons['tail sampling keeps a part of the spans'] ?? 0) > 0);
  const lost = await stack(t, { traces: traces.filter(({ traceId }) => traceId !== traces[0]?.traceId) });
  const strict = await verify(t, [...lost.with(2, prometheus.url), ...coverage, '--tail-sampled']);
  assert.deepEqual(strict.broken, ['exemplar-trace']);
});

/** A Prometheus with the exemplars of these traces only. */
function exemplarsOf(t: TestContext, traceIds: Set<string>) {
  const all = fakePrometheus(requests);
  const some = fakePrometheus(requests.filter(({ traceId }) => traceIds.has(traceId)));
  return fakeServer(t, (asked) => (asked.path.endsWith('/query_exemplars') ? some : all)(asked));
}

test('asks for nothing that no chosen check needs', async (t) => {
  const stores = await Promise.all(
    [fakePrometheus(requests), fakeLoki(requests), fakeTempo(requests)].map((fake) => fakeServer(t, fake)),
  );
  const [prometheus, loki, tempo] = stores.map(({ url }) => url) as [string, string, string];
  const flags = ['verify', '--prometheus', prometheus, '--loki', loki, '--tempo', tempo, '--rate', '1000'];
  const asked = () => stores.map((store) => store.asked.splice(0).map(({ path }) => path));
  const read = ['/api/v1/query_exemplars', '/loki/api/v1/query_range', '/api/search'];

  await verify(t, [...flags, '--only', 'bucket-bounds']);
  const [metrics, logs, traces] = asked();
  assert.ok(metrics?.includes('/api/v1/label/__name__/values'));
  assert.deepEqual([logs, traces], [['/loki/api/v1/labels'], ['/api/search']], 'one question each: are you there?');

  await verify(t, [...flags, '--only', 'log-trace']);
  const [noMetrics = [], lines = []] = asked();
  assert.deepEqual([noMetrics.includes(read[0] ?? ''), lines.includes(read[1] ?? '')], [false, true]);

  assert.equal((await verify(t, [...flags, '--namespace', 'clew'])).code, 0);
});

test('names the request histogram that Prometheus does not have, and what may be why', async (t) => {
  const all = fakePrometheus(requests);
  const prometheus = await fakeServer(t, (asked) =>
    asked.path.endsWith('/values') || asked.path.endsWith('/query_exemplars')
      ? { json: { status: 'success', data: [] } }
      : asked.query.get('query') === 'vector(1)'
        ? all(asked)
        : { json: { status: 'success', data: { resultType: 'matrix', result: [] } } },
  );
  const { find, gaps, code } = await verify(t, (await stack(t, {})).with(2, prometheus.url));
  assert.equal(code, 2);
  const reason = /no http_server_request_duration_seconds.*otel_metric_suffixes_enabled/;
  assert.match(Object.keys(find('request-counts').reasons)[0] ?? '', reason);
  assert.ok(gaps.some((gap) => reason.test(gap.reason)));
});

test('says what was looked for, and where, when no store has any of it', async (t) => {
  const { code, nothing, error } = await verify(t, await stack(t, { metrics: [], logs: [], traces: [] }));
  assert.deepEqual([code, error], [2, undefined]);
  const stores = 'Prometheus at http://\\S+, Loki at http://\\S+, Tempo at http://\\S+';
  const found = new RegExp(
    `^Nothing found: .* of namespace clew from \\S+Z until \\S+Z in ${stores}\\. Likely causes: `,
  );
  assert.match(nothing ?? '', found);
  for (const flag of ['--window', '--tenant', '--namespace', '--loki-selector'])
    assert.ok(nothing?.includes(flag), flag);
  const { nothing: lost } = await verify(t, await stack(t, { logs: [], traces: [] }));
  assert.equal(lost, undefined, 'something was found');
});

test('an error of a store is in the report, too', async (t) => {
  const tempo = await fakeServer(t, () => ({ text: 'down', status: 500 }));
  const { verdict, code, error } = await verify(t, (await stack(t, {})).with(6, tempo.url));
  assert.deepEqual([verdict, code], ['could-not-check', 2]);
  assert.match(error ?? '', /^Tempo at .*500, it failed/);
});

test('a time that the grace leaves nothing of is an error that says so', async (t) => {
  const { code, error } = await verify(t, [
    ...(await stack(t, {})),
    '--window',
    '1h',
    '--since',
    '20s',
    '--grace',
    '30s',
  ]);
  assert.equal(code, 2);
  assert.match(error ?? '', /^--since: nothing is left of it, as the newest 30 s are left out/);
});

test('so few lines that nothing of the window is left is an error that says what to do', async (t) => {
  const { code, error } = await verify(t, [...(await stack(t, {})), '--max-lines', '3', '--window', '620s']);
  assert.equal(code, 2);
  assert.match(error ?? '', /--max-lines 3 .*--window/);
});

test('a service whose metrics never arrive is named by counts and coverage, one whose lines never do by the counts', async (t) => {
  const ofFull = requests.filter(({ service }) => service === 'full-otel');
  const noMetrics = await verify(t, await stack(t, { metrics: ofFull }));
  assert.deepEqual(noMetrics.broken, ['exemplar-coverage', 'request-counts']);
  assert.partialDeepStrictEqual(noMetrics.find('request-counts').examples, [{ service: 'prom-otel', histogram: 0 }]);
  const noLines = await verify(t, [...(await stack(t, { logs: ofFull })), '--skip', 'trace-logs']);
  assert.deepEqual(noLines.broken, ['request-counts']);
});

test('with head sampling and no completion lines, spans are not held against the histogram', async (t) => {
  const sampled = requests.filter(({ traceId }) => Number.parseInt(traceId.slice(-1), 16) % 2 === 0);
  const prometheus = await exemplarsOf(t, new Set(sampled.map(({ traceId }) => traceId)));
  const loki = await fakeServer(t, fakeLoki([]));
  const flags = (await stack(t, { traces: sampled })).with(2, prometheus.url).with(4, loki.url);
  const { broken, find } = await verify(t, [...flags, '--skip', 'trace-logs']);
  assert.deepEqual(broken, []);
  assert.match(Object.keys(find('request-counts').reasons).join(), /fewer spans than the histogram counts/);
});

test('lines that come over OTLP without flags lead to their spans all the same', async (t) => {
  const fake = fakeLoki(requests);
  const loki = await fakeServer(t, (asked) => {
    const answer = fake(asked);
    return 'json' in answer ? { json: JSON.parse(JSON.stringify(answer.json).replaceAll('"flags":"1",', '')) } : answer;
  });
  const { code, broken, find } = await verify(t, (await stack(t, {})).with(4, loki.url));
  assert.deepEqual({ broken, code }, { broken: [], code: 0 });
  assert.equal(find('log-trace').checked, requests.length);
});
