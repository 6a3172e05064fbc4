import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Evidence,
  findTraces,
  getTrace,
  listSeries,
  openEvidence,
  recentLogs,
  requestCounts,
  runChecks,
} from '../src/index.ts';
import { completionLine, goodRun, sendRequest } from './run.ts';

const HUGE = 2 ** 60;
const MOST = Number.MAX_SAFE_INTEGER;

/** A service with the telemetry of one request, in which pieces are replaced. */
function oneRequest() {
  const run = goodRun();
  const span = sendRequest(run, { service: 'full-otel', route: '/huge', status: 200 });
  const point = run['full-otel'].points.at(-1);
  assert.ok(point?.histogram);
  const { resource } = run['full-otel'];
  const huge = { ...span.attributes, 'http.response.status_code': HUGE };
  return { resource, span, huge, line: completionLine(span, 'full-otel'), point, histogram: point.histogram };
}

const { resource, span, huge, line, point, histogram } = oneRequest();
const tally = { generator: 'load', service: 'full-otel', method: 'GET', route: '/huge', status: 200, count: MOST };
const later = { ...point, timeUs: point.timeUs + 2, startUs: point.timeUs + 1 };

const cases: { what: string; write(evidence: Evidence): void; counted: object }[] = [
  {
    what: 'status of a span',
    write: (evidence) => evidence.write([{ resource, spans: [{ ...span, attributes: huge }] }]),
    counted: { spans: 1, status: null },
  },
  {
    what: 'status of a completion line',
    write: (evidence) => evidence.write([{ resource, logs: [{ ...line, attributes: huge }] }]),
    counted: { lines: 1, status: null },
  },
  {
    what: 'status of a series',
    write: (evidence) => {
      const labels = { ...point.labels, http_response_status_code: `${HUGE}` };
      evidence.write([{ resource, points: [{ ...point, labels }] }]);
    },
    counted: { histogram: 1, status: null },
  },
  {
    what: 'status of a tally',
    write: (evidence) => evidence.tally([{ ...tally, status: HUGE, count: 1 }]),
    counted: { sent: 1, status: null },
  },
  {
    what: 'kind and status of a span',
    write: (evidence) =>
      evidence.write([{ resource, spans: [span, { ...span, spanId: 'x', kind: HUGE, status: HUGE }] }]),
    counted: { spans: 1 },
  },
  {
    what: 'end of a span',
    write: (evidence) => {
      const late = { ...span, spanId: 'x', startUs: span.startUs + 1, durationUs: HUGE };
      evidence.write([{ resource, spans: [span, late] }]);
    },
    counted: { spans: 2 },
  },
  {
    what: 'flags of a log line',
    write: (evidence) => evidence.write([{ resource, logs: [{ ...line, traceFlags: HUGE + 2 ** 20 }] }]),
    counted: { lines: 1 },
  },
  {
    what: 'count of a histogram',
    write: (evidence) =>
      evidence.write([{ resource, points: [{ ...point, histogram: { ...histogram, count: HUGE } }] }]),
    counted: { histogram: MOST },
  },
  {
    what: 'sum of the counts of three processes',
    write: (evidence) => {
      const most = { ...histogram, count: MOST };
      const third = { ...later, timeUs: later.timeUs + 2, startUs: later.timeUs + 1 };
      for (const one of [point, later, third]) evidence.write([{ resource, points: [{ ...one, histogram: most }] }]);
    },
    counted: { histogram: MOST },
  },
  {
    what: 'sum of tallies',
    write: (evidence) => {
      for (let i = 0; i < 2; i += 1) evidence.tally([tally]);
    },
    counted: { sent: MOST },
  },
  {
    what: 'sum of evicted histograms',
    write: (evidence) => {
      const most = { ...histogram, count: MOST };
      const points = ['a', 'b'].map((pod) => ({ ...point, labels: { ...point.labels, pod }, histogram: most }));
      evidence.write([{ resource, points }]);
      evidence.evict(1);
    },
    counted: { histogram: MOST },
  },
];

for (const { what, write, counted } of cases) {
  test(`a number over 2^53 does not make the store unreadable: ${what}`, (t) => {
    const evidence = openEvidence();
    t.after(() => evidence.close());
    write(evidence);
    assert.partialDeepStrictEqual(requestCounts(evidence), [counted]);
    for (const read of [runChecks, findTraces, recentLogs, listSeries]) read(evidence);
    getTrace(evidence, span.traceId);
  });
}
