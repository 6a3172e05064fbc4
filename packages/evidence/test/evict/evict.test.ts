import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { checks } from '../../src/checks/all.ts';
import {
  type Evidence,
  getTrace,
  listSeries,
  openEvidence,
  requestCounts,
  runChecks,
  summary,
} from '../../src/index.ts';
import { evidenceOf, goodRun, HISTOGRAM, type Run, START_US, spanId, traceId } from '../run.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const MB = 1024 * 1024;
const resource = { attributes: { 'service.name': 'full-otel' } };

/** A store that is closed after the test. */
function store(t: TestContext, file?: string): Evidence {
  const evidence = openEvidence(file === undefined ? {} : { file });
  t.after(() => evidence.close());
  return evidence;
}

/** Until a call evicts nothing more. */
function evictAll(evidence: Evidence, maxBytes: number) {
  const total = { traces: 0, logs: 0, points: 0 };
  for (;;) {
    const { traces, logs, points } = evidence.evict(maxBytes);
    if (traces + logs + points === 0) return total;
    total.traces += traces;
    total.logs += logs;
    total.points += points;
  }
}

/** Runs that follow each other: later start, cumulative points. Tallies once per run. */
function writeRuns(evidence: Evidence, count: number): Run[] {
  return Array.from({ length: count }, (_, i) => {
    const run = goodRun();
    for (const service of ['full-otel', 'prom-otel'] as const) {
      const { spans, logs, exemplars, points } = run[service];
      for (const span of spans) span.startUs += i * 1_000_000;
      for (const record of [...logs, ...exemplars, ...points]) record.timeUs += i * 1_000_000;
      for (const { histogram } of points) {
        if (!histogram) continue;
        histogram.count *= i + 1;
        histogram.counts = histogram.counts.map((count) => count * (i + 1));
      }
    }
    evidenceOf(run, evidence);
    return run;
  });
}

const failures = (evidence: Evidence) => runChecks(evidence).filter(({ status }) => status !== 'holds');

test('evicts nothing while there is room', (t) => {
  const evidence = store(t);
  writeRuns(evidence, 1);
  assert.deepEqual(evidence.evict(MB), { traces: 0, logs: 0, points: 0 });
  assert.deepEqual(summary(evidence).gaps, []);
});

test('evicts whole traces, oldest first, and all checks hold on the rest', (t) => {
  const evidence = store(t);
  const runs = writeRuns(evidence, 300);
  const counts = requestCounts(evidence);
  const evicted = evictAll(evidence, 0.8 * MB);

  assert.ok(evidence.bytes() <= 0.8 * MB);
  const { held, received, gaps, evictedUntilUs } = summary(evidence);
  assert.ok(
    evicted.traces > 0 && held.traces > 0,
    `${evicted.traces} of ${evicted.traces + held.traces} traces evicted`,
  );
  assert.equal(evicted.traces + held.traces, 7 * 300);
  assert.equal(evicted.logs + held.logs, received.logs);
  assert.partialDeepStrictEqual(
    gaps.filter(({ signal }) => signal !== 'metrics'),
    [
      { kind: 'evicted', signal: 'logs', count: evicted.logs },
      { kind: 'evicted', signal: 'traces', count: evicted.traces },
    ],
  );
  const [first, last] = [runs[0], runs.at(-1)].map((run) => run?.['full-otel'].spans[0]);
  assert.ok(first && last);
  assert.equal(getTrace(evidence, first.traceId).length, 0);
  assert.equal(getTrace(evidence, last.traceId).length, 1);
  assert.ok(evictedUntilUs > first.startUs && evictedUntilUs < last.startUs);
  assert.deepEqual(failures(evidence), []);
  assert.deepEqual(requestCounts(evidence), counts);
});

test('what points at an evicted trace later is uncheckable; at one that never was, it fails', (t) => {
  const evidence = store(t);
  const runs = writeRuns(evidence, 300);
  evictAll(evidence, 0.8 * MB);
  const evictedRun = runs[0]?.['full-otel'];
  assert.ok(evictedRun);
  // Without the first, which would be the log of the late span.
  const logs = evictedRun.logs.slice(1).map((log) => ({ ...log, body: 'late' }));
  const { exemplars, spans } = evictedRun;
  const [span] = spans;
  assert.ok(span);
  evidence.write([
    {
      resource,
      logs,
      exemplars,
      spans: [{ ...span, kind: 2, spanId: spanId(), parentSpanId: spanId(), attributes: {} }],
    },
  ]);
  const evictedCounts: Record<string, number> = {
    'exemplar-trace': exemplars.length,
    'exemplar-complete': 1,
    // The first one's log line was left out.
    'exemplar-sampled': 1,
    'log-trace': logs.length,
    'trace-logs': 1,
    'orphan-spans': 1,
    'multi-root': 1,
  };
  assert.deepEqual(
    runChecks(evidence).map(({ name, status, reasons }) => ({ name, status, evicted: reasons.evicted ?? 0 })),
    checks.map(({ name }) => ({ name, status: 'holds', evicted: evictedCounts[name] ?? 0 })),
  );

  const log = { body: 'x', traceId: traceId(), spanId: spanId(), attributes: {}, source: 'otlp' } as const;
  const writeAfterEviction = (us: number) =>
    evidence.write([{ resource, logs: [{ ...log, timeUs: summary(evidence).evictedUntilUs + us }] }]);
  writeAfterEviction(900_000);
  assert.deepEqual(failures(evidence), []);
  writeAfterEviction(1_100_000);
  assert.deepEqual(
    failures(evidence).map(({ name, examples }) => [name, examples.length]),
    [['log-trace', 1]],
  );
});

test('a span from the future does not make everything uncheckable', (t) => {
  const evidence = store(t);
  const [span] = goodRun()['full-otel'].spans;
  assert.ok(span);
  evidence.write([{ resource, spans: [{ ...span, startUs: Date.UTC(2100, 0, 1) * 1000 }] }]);
  writeRuns(evidence, 100);
  evictAll(evidence, 0.4 * MB);
  assert.ok(summary(evidence).evictedUntilUs <= Date.now() * 1000);
});

test('the file stays within the bound when every write is followed by an eviction', (t) => {
  const file = join(temporaryFolder(t), 'run.clew');
  const evidence = store(t, file);
  let largest = 0;
  for (let i = 0; i < 300; i += 1) {
    const run = goodRun();
    for (let j = 0; j < 8; j += 1) run['full-otel'].logs.push(...goodRun()['full-otel'].logs);
    evidenceOf(run, evidence);
    evidence.evict(MB);
    largest = Math.max(largest, statSync(file).size, evidence.bytes());
  }
  assert.ok(summary(evidence).received.spans > 5 * summary(evidence).held.spans, 'the bound was reached');
  assert.ok(largest <= MB, `${largest} bytes`);
});

test('logs and exemplars as old as the evicted traces go, with or without an id', (t) => {
  const evidence = store(t);
  const lost = { traceId: traceId(), spanId: spanId() };
  const logs = [{}, lost].map((ids) => ({
    timeUs: START_US,
    body: 'x',
    attributes: {},
    source: 'otlp' as const,
    ...ids,
  }));
  evidence.write([{ resource, logs }]);
  const [run] = writeRuns(evidence, 200);
  evictAll(evidence, 0.5 * MB);
  evidence.write([{ resource, exemplars: run?.['full-otel'].exemplars ?? [] }]);
  for (let i = 0; i < 2; i += 1) {
    writeRuns(evidence, 200);
    evictAll(evidence, 0.5 * MB);
  }
  const left = (table: string, where: string) =>
    evidence.db.prepare(`SELECT count(*) AS count FROM ${table} WHERE ${where}`).get()?.count;
  assert.equal(left('logs', `body = 'x'`), 0);
  assert.equal(left('exemplars', 'trace_id NOT IN (SELECT trace_id FROM spans)'), 0);
  assert.ok(summary(evidence).held.logs > 0);
});

test('a store of nothing but logs is bounded, too', (t) => {
  const evidence = store(t);
  const line = { body: 'a line', attributes: {}, source: 'stdout' } as const;
  const logs = Array.from({ length: 5000 }, (_, i) => ({ ...line, timeUs: START_US + i }));
  evidence.write([{ resource, logs }]);
  const { logs: evicted } = evictAll(evidence, 0.3 * MB);
  assert.ok(evicted > 0 && evicted < 5000);
  assert.ok(evidence.bytes() <= 0.3 * MB);
  const { first } = evidence.db.prepare('SELECT min(time_us) AS first FROM logs').get() ?? {};
  assert.equal(first, START_US + evicted);
});

test('points beyond a quarter of the bound go, but never the last one of a series', (t) => {
  const evidence = store(t);
  const gauge = { type: 'gauge', labels: {}, value: 1, source: 'scrape' } as const;
  evidence.write([{ resource, points: [{ ...gauge, metric: 'silent', timeUs: START_US }] }]);
  const points = Array.from({ length: 12_000 }, (_, i) => ({ ...gauge, metric: 'busy', timeUs: START_US + i }));
  evidence.write([{ resource, points }]);
  writeRuns(evidence, 10);
  const { points: evicted, traces } = evictAll(evidence, 0.5 * MB);
  assert.ok(evicted > 0);
  assert.equal(traces, 0);
  assert.deepEqual(
    listSeries(evidence, { service: 'full-otel' })
      .filter(({ type }) => type === 'gauge')
      .map(({ metric, last }) => [metric, last?.timeUs]),
    [
      ['busy', START_US + 11_999],
      ['silent', START_US],
    ],
  );
});

test('too many series go, longest silent first, and their requests still count', (t) => {
  const evidence = store(t);
  writeRuns(evidence, 1);
  const counts = requestCounts(evidence);
  const wide = { metric: 'wide', type: 'gauge', value: 1, source: 'scrape', timeUs: START_US + 60_000_000 } as const;
  for (let i = 0; i < 8; i += 1) {
    const points = Array.from({ length: 1000 }, (_, j) => ({ ...wide, labels: { id: `${i}-${j}` } }));
    evidence.write([{ resource, points }]);
    evictAll(evidence, MB);
    assert.ok(evidence.bytes() < MB);
  }
  assert.equal(listSeries(evidence, { metric: HISTOGRAM }).length, 0);
  assert.deepEqual(requestCounts(evidence), counts);

  evidence.write([{ resource, points: [{ ...wide, labels: { id: '0-0' } }] }]);
  assert.equal(listSeries(evidence, { labels: { id: '0-0' } }).length, 1);
});

/** Points of series of the request histogram that go on, each with the same count. */
function histogramPoints(count: number, options: { atSecond: number; series: number; startSecond?: number }) {
  const { atSecond, series, startSecond = -1 } = options;
  return Array.from({ length: series }, (_, i) => ({
    metric: HISTOGRAM,
    type: 'histogram' as const,
    labels: { http_request_method: 'GET', http_route: '/', http_response_status_code: '200', id: `${i}` },
    timeUs: START_US + atSecond * 1_000_000,
    startUs: START_US + startSecond * 1_000_000,
    source: 'otlp' as const,
    histogram: { bounds: [1], counts: [count, 0], count },
  }));
}

const histogramCount = (evidence: Evidence) => requestCounts(evidence)[0]?.histogram;
const rowsOf = (evidence: Evidence, table: string) =>
  Number(evidence.db.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.count);

test('live series of the request histogram that are evicted again and again count once, across a restart, too', (t) => {
  const evidence = store(t);
  const series = 3000;
  const writeAndEvict = (count: number, at: { atSecond: number; startSecond?: number }) => {
    evidence.write([{ resource, points: histogramPoints(count, { ...at, series }) }]);
    const { points } = evictAll(evidence, MB);
    assert.ok(points > 0 && evidence.bytes() < MB);
  };
  for (const count of [1, 2, 3]) {
    writeAndEvict(count, { atSecond: count });
    assert.equal(histogramCount(evidence), series * count);
  }
  writeAndEvict(3, { atSecond: 5, startSecond: 4 });
  assert.equal(histogramCount(evidence), series * 6, 'a later start');
  writeAndEvict(1, { atSecond: 6 });
  assert.equal(histogramCount(evidence), series * 7, 'a count that falls');
});

test('the memory of evicted series is bounded, and forgets the oldest', (t) => {
  const evidence = store(t);
  for (let i = 0; i < 8; i += 1) {
    const points = histogramPoints(1, { atSecond: i, series: 1000 });
    evidence.write([
      { resource, points: points.map((point) => ({ ...point, labels: { ...point.labels, of: `${i}` } })) },
    ]);
    evictAll(evidence, MB);
    assert.ok(evidence.bytes() < MB);
  }
  const remembered = rowsOf(evidence, 'evicted_series');
  assert.ok(remembered > 2000 && remembered < 3000, `${remembered} remembered`);
  assert.equal(histogramCount(evidence), 8000);
});

test('exemplars of evicted series are in the gaps', (t) => {
  const evidence = store(t);
  const points = histogramPoints(1, { atSecond: 0, series: 3000 });
  const exemplars = points.map(({ metric, labels, timeUs, source }) => {
    return { metric, labels, timeUs, source, le: 1, value: 0.1, traceId: traceId(), spanId: spanId() };
  });
  evidence.write([{ resource, points, exemplars }]);
  evictAll(evidence, MB);
  const { held, gaps } = summary(evidence);
  assert.ok(held.exemplars < 3000);
  assert.partialDeepStrictEqual(
    gaps.filter(({ reason }) => reason.includes('exemplars')),
    [{ kind: 'evicted', signal: 'metrics', count: 3000 - held.exemplars }],
  );
});

test('a store of nothing but series with long labels is bounded, too', (t) => {
  const evidence = store(t);
  const wide = { metric: 'wide', type: 'gauge', value: 1, source: 'scrape', timeUs: START_US } as const;
  const points = Array.from({ length: 500 }, (_, i) => ({ ...wide, labels: { text: `${i} ${'x'.repeat(2000)}` } }));
  evidence.write([{ resource, points }]);
  evictAll(evidence, MB);
  assert.ok(evidence.bytes() < MB);
});
