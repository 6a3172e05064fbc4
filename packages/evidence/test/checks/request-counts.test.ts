import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openEvidence } from '../../src/index.ts';
import { callPeer, countRequest, evidenceOf, goodRun, type Run, receive, sendRequest, telemetry } from '../run.ts';
import { resultOf } from './one-check.ts';

const name = 'request-counts';

test('holds when all four agree, with aborted, unmatched, failed and forwarded requests', () => {
  const { status, checked, uncheckable } = resultOf(name, evidenceOf(goodRun()));
  assert.deepEqual({ status, checked, uncheckable }, { status: 'holds', checked: 6, uncheckable: 0 });
});

test('has nothing to check without requests', () => {
  assert.equal(resultOf(name, openEvidence()).status, 'nothing-to-check');
});

const users = { service: 'full-otel', method: 'GET', route: '/api/users', status: 200 };
const breaks: { hop: string; breakIt: (run: Run) => unknown; example: object }[] = [
  {
    hop: 'a SERVER span is lost',
    breakIt: (run) => run['full-otel'].spans.shift(),
    example: { ...users, sent: 3, spans: 2, histogram: 3, lines: 3, differs: ['spans'] },
  },
  {
    hop: 'a completion line is lost',
    breakIt: (run) => run['full-otel'].logs.shift(),
    example: { ...users, lines: 2, differs: ['lines'] },
  },
  {
    hop: 'a completion line is written twice',
    breakIt: (run) => run['full-otel'].logs.push(...run['full-otel'].logs.slice(0, 1)),
    example: { ...users, lines: 4, differs: ['lines'] },
  },
  {
    hop: 'a request is missing in the histogram',
    breakIt: (run) => run['full-otel'].points.shift(),
    example: { ...users, histogram: 0, differs: ['histogram'] },
  },
  {
    hop: 'the generator sent one more',
    breakIt: (run) => run.tallies.push({ generator: 'load', ...users, count: 1 }),
    example: { ...users, sent: 4, differs: ['sent'] },
  },
  {
    hop: 'an aborted request is not counted by the service',
    breakIt: (run) => run['prom-otel'].points.shift(),
    example: { service: 'prom-otel', route: '/api/slow', status: null, histogram: 0, differs: ['histogram'] },
  },
  {
    hop: 'a request without a route is not logged',
    breakIt: (run) => run['full-otel'].logs.splice(4, 1),
    example: { service: 'full-otel', route: null, status: 404, lines: 0, differs: ['lines'] },
  },
  {
    hop: "a peer's call is not connected to the SERVER span",
    breakIt: (run) => delete run['prom-otel'].spans.at(-1)?.parentSpanId,
    example: { service: 'prom-otel', route: '/api/data', sent: 0, peers: 0, spans: 1, differs: ['sent'] },
  },
];

for (const { hop, breakIt, example } of breaks) {
  test(`says which number differs when ${hop}`, () => {
    const run = goodRun();
    breakIt(run);
    const { status, checked, held, examples } = resultOf(name, evidenceOf(run));
    assert.deepEqual({ status, lost: checked - held }, { status: 'falls-short', lost: 1 });
    assert.partialDeepStrictEqual(examples, [example]);
  });
}

test('names both sides when two numbers stand against two', () => {
  const run = goodRun();
  run['full-otel'].spans.shift();
  run['full-otel'].logs.shift();
  const differs = ['sent', 'spans', 'histogram', 'lines'];
  assert.partialDeepStrictEqual(resultOf(name, evidenceOf(run)).examples, [{ differs }]);
});

test('expects no span of an unsampled request', () => {
  const run = goodRun();
  run['full-otel'].spans.shift();
  const [line] = run['full-otel'].logs;
  assert.ok(line);
  line.traceFlags = 0;
  assert.equal(resultOf(name, evidenceOf(run)).status, 'holds');
});

test("expects no CLIENT span of an unsampled peer's call", () => {
  const run = goodRun();
  const caller = sendRequest(run, { service: 'full-otel', route: '/api/data', status: 200 });
  receive(run, { service: 'prom-otel', route: '/api/data', status: 200 }, callPeer(run, caller, 200));
  run['full-otel'].spans.pop();
  run['prom-otel'].spans.pop();
  const line = run['prom-otel'].logs.at(-1);
  assert.ok(line);
  line.traceFlags = 0;
  assert.equal(resultOf(name, evidenceOf(run)).status, 'holds');
});

test('misses an unsampled request in what the generator sent to a service that no peer calls', () => {
  const run = goodRun();
  run['full-otel'].spans.shift();
  const [line] = run['full-otel'].logs;
  assert.ok(line);
  line.traceFlags = 0;
  run.tallies.shift();
  assert.partialDeepStrictEqual(resultOf(name, evidenceOf(run)).examples, [{ ...users, sent: 2, differs: ['sent'] }]);
});

test('takes an unsampled line for a sampled one where its span is there, because not every line has flags', () => {
  const run = goodRun();
  for (const log of run['full-otel'].logs) log.traceFlags = 0;
  assert.equal(resultOf(name, evidenceOf(run)).status, 'holds');
});

test('compares only what any service has evidence for', () => {
  const run = goodRun();
  run.tallies = run.tallies.filter(({ service }) => service === 'full-otel');
  run['full-otel'].points = [];
  run['prom-otel'].points = [];
  const { status, checked } = resultOf(name, evidenceOf(run));
  assert.deepEqual({ status, checked }, { status: 'holds', checked: 6 });
});

for (const [signal, records] of [
  ['histogram', 'points'],
  ['lines', 'logs'],
] as const) {
  test(`counts 0 where no ${records} of a service with HTTP spans arrive, and those of another do`, () => {
    const run = goodRun();
    run['prom-otel'][records] = [];
    const { status, checked, held, examples } = resultOf(name, evidenceOf(run));
    assert.deepEqual({ status, failed: checked - held }, { status: 'falls-short', failed: 2 });
    assert.partialDeepStrictEqual(examples, [{ service: 'prom-otel', [signal]: 0, differs: [signal] }]);
    assert.equal(resultOf(name, evidenceOf(run), { services: ['prom-otel'] }).status, 'holds');
    for (const span of run['prom-otel'].spans) span.attributes = {};
    run['prom-otel'].logs = [];
    run['prom-otel'].points = [];
    run.tallies = run.tallies.filter(({ service }) => service !== 'prom-otel');
    assert.deepEqual(resultOf(name, evidenceOf(run)).examples, [], 'without HTTP spans it need not have any');
  });
}

test('cannot count a histogram of which only the series is known', () => {
  const run = goodRun();
  for (const point of run['prom-otel'].points) {
    point.type = 'unknown';
    delete point.histogram;
  }
  assert.equal(resultOf(name, evidenceOf(run)).status, 'holds');
});

const partial = { partialSpans: 'not every trace was read' };

test('takes spans that are not all there, and what was sent, for the least that the others must count', () => {
  const run = goodRun();
  run['full-otel'].spans.shift();
  run.tallies.shift();
  assert.equal(resultOf(name, evidenceOf(run)).status, 'falls-short');
  const { status, checked, reasons } = resultOf(name, evidenceOf(run), partial);
  assert.deepEqual(
    { status, checked, reasons },
    { status: 'holds', checked: 6, reasons: { [partial.partialSpans]: 6 } },
  );

  run['full-otel'].points.shift();
  assert.partialDeepStrictEqual(resultOf(name, evidenceOf(run), partial).examples, [{ differs: ['histogram'] }]);
  run['full-otel'].logs = run['full-otel'].logs.slice(3);
  assert.partialDeepStrictEqual(resultOf(name, evidenceOf(run), partial).examples, [
    { ...users, histogram: 0, lines: 0, differs: ['histogram', 'lines'] },
  ]);
});

test('with tail sampling compares histogram and completion lines', () => {
  const run = goodRun();
  run['full-otel'].spans.splice(0, 5);
  const { status, reasons } = resultOf(name, evidenceOf(run), { tailSampled: true });
  assert.equal(status, 'holds');
  assert.deepEqual(Object.keys(reasons), ['tail sampling keeps a part of the spans']);
  run['full-otel'].logs.shift();
  assert.equal(resultOf(name, evidenceOf(run), { tailSampled: true }).status, 'falls-short');
});

test('cannot say without completion lines which requests have no span', () => {
  const run = goodRun();
  run['full-otel'].spans.shift();
  run['full-otel'].logs = [];
  run['prom-otel'].logs = [];
  const { checked, held, reasons } = resultOf(name, evidenceOf(run));
  const reason = 'fewer spans than the histogram counts, and no completion lines that say which were sampled';
  assert.deepEqual({ checked, held, reasons }, { checked: 6, held: 6, reasons: { [reason]: 1 } });
  const alone = resultOf(name, evidenceOf({ ...run, tallies: [] }));
  assert.deepEqual([alone.checked, alone.reasons], [5, { [reason]: 1 }]);
  run['full-otel'].points.shift();
  assert.equal(resultOf(name, evidenceOf(run)).status, 'falls-short', 'more spans than requests are wrong in any case');
});

test('has nothing to compare for a service of which only stdout is read', () => {
  const run = goodRun();
  run.tallies = [];
  run['full-otel'] = { ...telemetry('full-otel'), logs: run['full-otel'].logs };
  run['prom-otel'] = telemetry('prom-otel');
  const { status, reasons } = resultOf(name, evidenceOf(run));
  assert.deepEqual({ status, reasons }, { status: 'nothing-to-check', reasons: { 'counted by one signal only': 4 } });
});

test('fails where a tallied service counts nothing, and others do', () => {
  const run = goodRun();
  run.tallies.push({ generator: 'load', ...users, service: 'bling', count: 100 });
  const { status, checked, held, examples } = resultOf(name, evidenceOf(run));
  assert.deepEqual({ status, failed: checked - held }, { status: 'falls-short', failed: 1 });
  const example = { ...users, service: 'bling', sent: 100, spans: 0, histogram: 0, lines: 0, differs: ['sent'] };
  assert.partialDeepStrictEqual(examples, [example]);
  assert.equal(resultOf(name, evidenceOf(run), partial).status, 'falls-short');
  const asked = (services: string[]) => resultOf(name, evidenceOf(run), { services }).status;
  assert.equal(asked(['full-otel', 'bling']), 'falls-short', 'asked for by name');
  assert.equal(asked(['full-otel', 'prom-otel']), 'holds', 'not asked for');
  assert.equal(asked(['bling']), 'nothing-to-check', 'no signal of which it is known to be read');
});

test('cannot say of a tallied service of which only the series of a histogram is known', () => {
  const run = goodRun();
  run['prom-otel'] = { ...run['prom-otel'], spans: [], logs: [] };
  run['full-otel'].spans = run['full-otel'].spans.filter(({ kind }) => kind === 2);
  for (const point of run['prom-otel'].points) {
    point.type = 'unknown';
    delete point.histogram;
  }
  const { status, reasons } = resultOf(name, evidenceOf(run));
  assert.deepEqual({ status, reasons }, { status: 'holds', reasons: { 'counted by one signal only': 1 } });
});

test('asks a service that nobody tallies for no sender', () => {
  const run = goodRun();
  run['full-otel'].resource.attributes['service.name'] = 'billing';
  const { status, checked } = resultOf(name, evidenceOf({ ...run, tallies: [] }));
  assert.deepEqual({ status, checked }, { status: 'holds', checked: 6 });
});

test('counts a call that reached no known service as uncheckable', () => {
  const run = goodRun();
  const caller = sendRequest(run, { service: 'full-otel', route: '/api/data', status: 200 });
  callPeer(run, caller);
  const retry = callPeer(run, caller, 200);
  receive(run, { service: 'prom-otel', route: '/api/data', status: 200 }, retry);
  const { status, reasons } = resultOf(name, evidenceOf(run));
  assert.deepEqual({ status, reasons }, { status: 'holds', reasons: { 'reached no known service': 1 } });
});

test('shows a status that client and server saw differently', () => {
  const run = goodRun();
  const caller = sendRequest(run, { service: 'full-otel', route: '/api/data', status: 200 });
  receive(run, { service: 'prom-otel', route: '/api/data', status: 500 }, callPeer(run, caller, 200));
  const { examples } = resultOf(name, evidenceOf(run));
  assert.partialDeepStrictEqual(examples, [
    { status: 200, peers: 2, spans: 1 },
    { status: 500, peers: 0, spans: 1 },
  ]);
});

test('takes the spans of a generator for no second sender', () => {
  const run = goodRun();
  const server = run['full-otel'].spans[0];
  assert.ok(server);
  const client = { ...server, spanId: 'abcdefabcdefabcd', kind: 3 };
  server.parentSpanId = client.spanId;
  const evidence = evidenceOf(run);
  evidence.write([{ resource: { attributes: { 'service.name': 'load' } }, spans: [client] }]);
  assert.equal(resultOf(name, evidence).status, 'holds');
});

test('shows what one of two ways of the same signal lost', () => {
  const run = goodRun();
  const copies = run['full-otel'].logs.map((log) => ({ ...log, source: 'stdout' as const }));
  const both = { ...run, 'full-otel': { ...run['full-otel'], logs: [...run['full-otel'].logs, ...copies] } };
  assert.equal(resultOf(name, evidenceOf(both)).status, 'holds');
  both['full-otel'].logs.shift();
  assert.partialDeepStrictEqual(resultOf(name, evidenceOf(both)).examples, [{ ...users, lines: 2 }]);
});

test('adds up the histogram of a process and of its successor', () => {
  const run = goodRun();
  const evidence = evidenceOf(run);
  const later: Run = { 'full-otel': telemetry('full-otel'), 'prom-otel': telemetry('prom-otel'), tallies: [] };
  sendRequest(later, { service: 'full-otel', route: '/api/users', status: 200 });
  for (const point of later['full-otel'].points) point.timeUs += 1_000_000;
  assert.equal(resultOf(name, evidenceOf(later, evidence)).status, 'holds');
});

test('counts a series without the rest of its service as lost records', () => {
  const run = goodRun();
  const [span] = run['full-otel'].spans;
  assert.ok(span);
  countRequest(run['full-otel'], { ...span, attributes: { ...span.attributes, 'http.route': '/ghost' } });
  assert.partialDeepStrictEqual(resultOf(name, evidenceOf(run)).examples, [
    { route: '/ghost', differs: ['histogram'] },
  ]);
});
