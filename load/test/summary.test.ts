import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings } from '../lib/settings.ts';
import { summarize } from '../lib/summary.ts';
import type { SummaryData } from '../lib/summary-data.ts';

const data: SummaryData = {
  state: { testRunDurationMs: 31_400 },
  setup_data: { notRun: null, startedMs: 0 },
  metrics: {
    load_seconds: { type: 'gauge', values: { value: 30.1 } },
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
const plan = { timeline: { baseline: 8, fault: 12, recovery: 10 }, iterations: undefined, lastGap: 0, ending: [] };

test('the text says which thresholds do not hold, with their values, and what was answered', () => {
  const { stdout = '' } = summarize('error-burst', data, readSettings(env), plan);
  assert.match(stdout, /^error-burst, run r1, 31 s\. Thresholds: 1 of 3 do not hold$/m);
  assert.match(stdout, /^ {2}✗ {2}errors\{phase:fault\} +rate>0\.2 +0\.0500$/m);
  assert.match(stdout, /^ {2}✓ {2}http_req_duration\S+ +p\(95\)<50 +12$/m);
  assert.match(stdout, /^ {2}shop +\/ +no answer +3$/m);
});

test('summary.json has the rows, junit.xml a case for each threshold', () => {
  const files = summarize('error-burst', data, readSettings(env), plan);
  const { requests, uncounted, runId } = JSON.parse(files['/out/summary.json'] ?? '');
  assert.deepEqual([requests.length, requests[0].count, uncounted, runId], [1, 3, 0, 'r1']);
  const junit = files['/out/junit.xml'] ?? '';
  assert.match(junit, /tests="3" failures="1"/);
  assert.match(junit, /name="errors\{phase:fault\} rate&gt;0\.2">\n +<failure message="was 0\.05"\/>/);
  assert.match(junit, /a:&quot;&lt;&amp;&quot;/);
});

test('summary.json says whether every threshold holds', () => {
  const okOf = (metrics: SummaryData['metrics']) =>
    JSON.parse(summarize('x', { ...data, metrics }, readSettings(env), plan)['/out/summary.json'] ?? '').ok;
  const { 'errors{phase:fault}': _missed, ...holding } = data.metrics;
  assert.deepEqual([okOf(data.metrics), okOf(holding)], [false, true]);
});

test('a run that did not start says why, and that nothing holds', () => {
  const metrics: SummaryData['metrics'] = {
    dropped_iterations: { type: 'counter', values: { count: 0 }, thresholds: { 'count==0': { ok: true } } },
  };
  const iterations = { type: 'counter' as const, values: { count: 0 } };
  const cases: [Partial<SummaryData>, RegExp][] = [
    [{ setup_data: { notRun: 'shop <is> down', startedMs: 0 } }, /^shop <is> down$/],
    [{ setup_data: undefined }, /^setup did not get to its end; k6 says why below$/],
    [{ metrics: { ...metrics, iterations } }, /^stopped before the first iteration/],
  ];
  for (const [more, why] of cases) {
    const unchecked = ['traces'];
    const files = summarize('error-burst', { ...data, metrics, ...more }, readSettings(env), plan, unchecked);
    const { ok, notRun, thresholds } = JSON.parse(files['/out/summary.json'] ?? '');
    assert.deepEqual([ok, thresholds], [false, []]);
    assert.match(notRun, why);
    assert.equal(files.stdout, `\nerror-burst, run r1. Not run: ${notRun}\n\n`);
    assert.match(files['/out/junit.xml'] ?? '', /<testsuites name="k6" tests="1" failures="0" errors="1" skipped="0">/);
  }
  const { '/out/junit.xml': junit = '' } = summarize(
    'error-burst',
    { ...data, setup_data: { notRun: 'shop <is> down', startedMs: 0 } },
    readSettings(env),
    plan,
  );
  assert.match(junit, /name="run">\n +<error message="shop &lt;is&gt; down"\/>\n +<\/testcase>/);
});

test('a run that was stopped does not hold, and says which thresholds are not judged', () => {
  const metrics: SummaryData['metrics'] = {
    ...data.metrics,
    load_seconds: { type: 'gauge', values: { value: 9.7 } },
    'errors{phase:baseline}': { type: 'rate', values: { rate: 0 }, thresholds: { 'rate==0': { ok: true } } },
  };
  const files = summarize('error-burst', { ...data, metrics }, readSettings(env), plan);
  const { stdout = '', '/out/summary.json': json = '', '/out/junit.xml': junit = '' } = files;
  assert.match(stdout, /run r1, stopped after 9 of 30 s\. Thresholds: 1 of 4 hold, 0 do not, 3 are not judged$/m);
  assert.match(stdout, /^ {2}\? {2}errors\{phase:fault\} +rate>0\.2 +not judged$/m);
  assert.match(stdout, /^ {2}✓ {2}errors\{phase:baseline\} +rate==0 +0$/m);
  const { ok, stopped, thresholds, requests } = JSON.parse(json);
  assert.deepEqual([ok, stopped], [false, { afterSeconds: 9.7, ofSeconds: 30 }]);
  const verdicts = thresholds.map((one: { ok: boolean | null }) => one.ok);
  assert.deepEqual(verdicts, [null, null, null, true]);
  assert.equal(requests.length, 1, 'what was sent is counted all the same');
  assert.match(junit, /<testsuites name="k6" tests="5" failures="0" errors="1" skipped="3">/);
  assert.match(junit, /rate&gt;0\.2">\n +<skipped message="not judged"\/>/);
  assert.match(junit, /name="run">\n +<error message="stopped after 9 of 30 s"\/>/);
});

test('says what this run could not check', () => {
  const unchecked = ['whether traces stop: no local backend'];
  const files = summarize('error-burst', data, readSettings(env), plan, unchecked);
  assert.match(files.stdout ?? '', /^ {2}\? {2}not checked: whether traces stop: no local backend$/m);
  assert.deepEqual(JSON.parse(files['/out/summary.json'] ?? '').unchecked, unchecked);
});

test('without a folder there are no files', () => {
  assert.deepEqual(Object.keys(summarize('x', data, readSettings({ ...env, SUMMARY: '' }), plan)), ['stdout']);
});
