import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings } from '../lib/settings.ts';
import { summarize } from '../lib/summary.ts';
import type { SummaryData } from '../lib/summary-data.ts';

const data: SummaryData = {
  state: { testRunDurationMs: 31_400 },
  setup_data: { notRun: null },
  metrics: {
    'errors{phase:fault}': {
      type: 'rate',
      values: { rate: 0.05 },
      thresholds: { 'rate>0.2': { ok: false }, 'rate<0.4': { ok: true } },
    },
    'http_req_duration{a:"<&"}': {
      type: 'trend',
      values: { 'p(95)': 12 },
      thresholds: { 'p(95)<50': { ok: true } },
    },
    'http_reqs{counted:yes}': { type: 'counter', values: { count: 3 }, thresholds: {} },
    'http_reqs{counted:yes,service:shop,route:/,status:0}': { type: 'counter', values: { count: 3 } },
  },
};
const env = { TARGETS: 'shop=http://shop', RUN_ID: 'r1', SUMMARY: '/out' };

test('the text says which thresholds do not hold, with their values, and what was answered', () => {
  const { stdout = '' } = summarize('error-burst', data, readSettings(env));
  assert.match(stdout, /^error-burst, run r1, 31 s\. Thresholds: 1 of 3 do not hold$/m);
  assert.match(stdout, /^ {2}✗ {2}errors\{phase:fault\} +rate>0\.2 +0\.0500$/m);
  assert.match(stdout, /^ {2}✓ {2}http_req_duration\S+ +p\(95\)<50 +12$/m);
  assert.match(stdout, /^ {2}shop +\/ +no answer +3$/m);
});

test('summary.json has the rows, junit.xml a case for each threshold', () => {
  const files = summarize('error-burst', data, readSettings(env));
  const { requests, uncounted, runId } = JSON.parse(files['/out/summary.json'] ?? '');
  assert.deepEqual([requests.length, requests[0].count, uncounted, runId], [1, 3, 0, 'r1']);
  const junit = files['/out/junit.xml'] ?? '';
  assert.match(junit, /tests="3" failures="1"/);
  assert.match(junit, /name="errors\{phase:fault\} rate&gt;0\.2">\n +<failure message="was 0\.05"\/>/);
  assert.match(junit, /a:&quot;&lt;&amp;&quot;/);
});

test('summary.json says whether every threshold holds', () => {
  const okOf = (metrics: SummaryData['metrics']) =>
    JSON.parse(summarize('x', { ...data, metrics }, readSettings(env))['/out/summary.json'] ?? '').ok;
  const { 'errors{phase:fault}': _missed, ...holding } = data.metrics;
  assert.deepEqual([okOf(data.metrics), okOf(holding)], [false, true]);
});

test('a run that did not start says why, and that nothing holds', () => {
  const metrics: SummaryData['metrics'] = {
    dropped_iterations: { type: 'counter', values: { count: 0 }, thresholds: { 'count==0': { ok: true } } },
  };
  const iterations = { type: 'counter' as const, values: { count: 0 } };
  const cases: [Partial<SummaryData>, RegExp][] = [
    [{ setup_data: { notRun: 'shop <is> down' } }, /^shop <is> down$/],
    [{ setup_data: undefined }, /^setup did not get to its end; k6 says why below$/],
    [{ metrics: { ...metrics, iterations } }, /^stopped before the first iteration/],
  ];
  for (const [more, why] of cases) {
    const files = summarize('error-burst', { ...data, metrics, ...more }, readSettings(env), ['traces']);
    const { ok, notRun, thresholds } = JSON.parse(files['/out/summary.json'] ?? '');
    assert.deepEqual([ok, thresholds], [false, []]);
    assert.match(notRun, why);
    assert.equal(files.stdout, `\nerror-burst, run r1. Not run: ${notRun}\n\n`);
    assert.match(files['/out/junit.xml'] ?? '', /<testsuites name="k6" tests="1" failures="0" errors="1">/);
  }
  const { '/out/junit.xml': junit = '' } = summarize(
    'error-burst',
    { ...data, setup_data: { notRun: 'shop <is> down' } },
    readSettings(env),
  );
  assert.match(junit, /name="run">\n +<error message="shop &lt;is&gt; down"\/>\n +<\/testcase>/);
});

test('says what this run could not check', () => {
  const files = summarize('error-burst', data, readSettings(env), ['whether traces stop: no local backend']);
  assert.match(files.stdout ?? '', /^ {2}\? {2}not checked: whether traces stop: no local backend$/m);
  assert.deepEqual(JSON.parse(files['/out/summary.json'] ?? '').unchecked, ['whether traces stop: no local backend']);
});

test('without a folder there are no files', () => {
  assert.deepEqual(Object.keys(summarize('x', data, readSettings({ ...env, SUMMARY: '' }))), ['stdout']);
});
