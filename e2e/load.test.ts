import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { type Evidence, listSeries, openEvidence, requestCounts } from '@clew/evidence';
import { findStory, readStories } from '../load/runner/stories.ts';
import { clewBin } from '../packages/verify/test/support/clew.ts';
import { waitFor } from '../test/harness/wait-for.ts';
import { leftOut, type Plays, play, playCalm } from './support/play.ts';
import { type Stack, startStack } from './support/stack.ts';

const FAST_MS = 35_000;
const RUNNER = join(import.meta.dirname, '../load/run.ts');

interface Case {
  scenario: string;
  /** Thresholds that look for the fault: without it they do not hold. None: there is no fault. */
  looks: RegExp[];
  args?: string[];
  /** Settings of the services. */
  env?: Record<string, string>;
  /** Checks that have nothing to check afterwards. */
  skip?: string[];
  /** What else holds. */
  holds?: (evidence: Evidence, plays: Plays[]) => void;
}

/** Where no service calls the other one, no span has a parent. */
const NO_PEER = ['orphan-spans'];

const CASES: Case[] = [
  { scenario: 'smoke', looks: [] },
  { scenario: 'error-burst', looks: [/^errors\{phase:fault,route:\/api\/users\} rate>/], skip: NO_PEER },
  {
    scenario: 'latency-tail',
    looks: [/^http_req_duration\{phase:fault,route:\/api\/users\} p\(99\)>/],
    skip: NO_PEER,
  },
  {
    scenario: 'single-bad-key',
    looks: [/^errors\{phase:fault,key:this\} rate==1/, /^errors\{phase:fault\} rate>/],
    skip: NO_PEER,
  },
  { scenario: 'traffic-spike', looks: [/^http_reqs\{phase:fault\} count>/] },
  {
    scenario: 'cascading-timeout',
    looks: [/^errors\{phase:fault,route:\/api\/data\} /, /^http_req_duration\{phase:fault,route:\/api\/data\} med>/],
  },
  {
    scenario: 'cascading-timeout',
    looks: [/^errors\{phase:fault,route:\/api\/data\} /, /^http_req_duration\{phase:fault,route:\/api\/data\} med>/],
    env: { PEER_TIMEOUT: '10000' },
  },
  { scenario: 'retry-storm', looks: [/^amplification value>/, /^errors\{phase:fault,route:\/api\/data\} /] },
  {
    scenario: 'retry-storm',
    looks: [/^amplification value>/, /^errors\{phase:fault,route:\/api\/data\} /],
    env: { PEER_RETRY_BUDGET: '1' },
  },
  {
    scenario: 'telemetry-outage',
    looks: [
      /^traces_arrive\{phase:fault\} /,
      /^dropped_records\{signal:traces\} value>/,
      /^dropped_records\{signal:logs\} value>/,
    ],
    skip: NO_PEER,
    holds: everySpanIsStoredOrCounted,
  },
  {
    scenario: 'bad-release',
    looks: [
      /^release_duration\{stage:canary,.* p\(95\)>/,
      /^release_duration\{stage:full,.* med>/,
      /^release_duration\{version:new,.* med>/,
      /^span_duration\{version:new\} med>/,
    ],
    holds: everyVersionIsThere,
  },
  {
    scenario: 'event-loop-block',
    looks: [/^http_req_duration\{phase:fault,route:.*service:full-otel\} p\(95\)>/],
    skip: NO_PEER,
  },
  { scenario: 'memory-leak', looks: [/^heap_growth_mib\{phase:fault\} max>/], skip: NO_PEER },
  { scenario: 'log-flood', looks: [/^log_lines_per_second\{phase:fault\} med>/], skip: NO_PEER },
  { scenario: 'cardinality', looks: [/^grown_series value>/], skip: NO_PEER },
  // Between them, these two have every part.
  {
    scenario: 'mixed-day',
    args: ['--seed', '1'],
    looks: [
      /^errors\{part:cascading-timeout,route:\/api\/data\} /,
      /^http_req_duration\{part:cascading-timeout,.* med>/,
      /^errors\{part:single-bad-key,key:this\} /,
      /^http_req_duration\{part:event-loop-block,.* med>/,
      /^errors\{part:retry-storm,route:\/api\/data\} /,
    ],
  },
  {
    scenario: 'mixed-day',
    args: ['--seed', '11'],
    looks: [
      /^errors\{part:retry-storm,route:\/api\/data\} /,
      /^http_req_duration\{part:latency-tail,.* max>/,
      /^errors\{part:single-bad-key,key:this\} /,
      /^errors\{part:error-burst,route:\/api\/users\} rate>/,
    ],
  },
];

suite('the scenarios of load/', { skip: leftOut, concurrency: 2 }, () => {
  test('every scenario is played', () => {
    const stories = readStories().map(({ name }) => name);
    assert.deepEqual(new Set(CASES.map(({ scenario }) => scenario)), new Set(stories));
  });

  for (const { scenario, looks, args = [], env = {}, skip = [], holds } of CASES) {
    const settings = [...args, ...Object.entries(env).map((pair) => pair.join('='))].map((one) => ` ${one}`);
    test(`${scenario}${settings.join('')}: holds with its fault, not without it, and every request is accounted for`, async (t) => {
      const stack = await startStack(t, env);
      const plays = [await playHolding(t, scenario, stack, args)];
      if (looks.length > 0) {
        const control = await playCalm(t, [scenario, ...args, ...stack.args, '--no-fault'], stack.env, looks);
        const without = control.judged;
        assert.equal(without.code, 99, without.output);
        for (const look of looks)
          assert.ok(
            without.missed.some((one) => look.test(one)),
            `${look}: ${without.output}`,
          );
        assert.equal(without.missed.length, looks.length, without.missed.join('\n'));
        plays.push(control);
      }
      const file = await stack.settle();
      await verify(file, plays, [...skip, ...findStory(scenario).breaks]);
      if (holds === undefined) return;
      const evidence = openEvidence({ file, readOnly: true });
      t.after(() => evidence.close());
      holds(evidence, plays);
    });
  }

  test("k6's own signals arrive: its metrics, and with --traces spans it is the root of every trace", async (t) => {
    const stack = await startStack(t);
    const runId = 'e2e-spans';
    const plays = await playHolding(t, 'smoke', stack, ['--traces', 'spans', '--run-id', runId]);
    const file = await stack.settle();
    await verify(file, [plays], []);
    const sent = requestsOf([plays]).reduce((sum, { count }) => sum + count, 0);
    const evidence = openEvidence({ file, readOnly: true });
    t.after(() => evidence.close());
    const spans = (where: string) =>
      evidence.db
        .prepare(`SELECT count(*) AS count FROM spans JOIN resources ON resources.id = resource_id WHERE ${where}`)
        .get()?.count;
    assert.equal(spans("service = 'k6' AND parent_span_id IS NULL"), sent);
    assert.equal(spans("service <> 'k6' AND parent_span_id IS NULL"), 0);
    // Each request is one span of a service, and each call to the peer one more.
    const withRunId = `json_extract(spans.attributes, '$."test.run.id"') = '${runId}'`;
    assert.ok(Number(spans(`service <> 'k6' AND kind = 2 AND ${withRunId}`)) > Number(sent));
    const series = listSeries(evidence, { metric: 'k6_http_reqs_total', limit: 500 });
    assert.ok(series.length > 5 && series.every(({ labels }) => labels.testid === runId));
  });

  test('each of these ends with what to do, and not with 0', async (t) => {
    const stack = await startStack(t);
    const wrong = async (args: string[], says: RegExp, env = {}) => {
      const { code, output } = await play(t, args, { ...stack.env, ...env });
      assert.ok(code !== 0 && code !== 99, `${code}: ${output}`);
      assert.match(output, says);
    };
    await wrong(['error-brust'], /error-brust: no such scenario; there are .*error-burst/);
    await wrong(['smoke', '--target', 'full-otel=http://127.0.0.1:1'], /no answer .*Is it running/);
    await wrong(['smoke', '--pace', 'faster', ...stack.args], /PACE=faster: give one of normal, fast/);
    // In the words of the service.
    const overCap = /prom-otel at .* faults\/0\/max must be a whole number from 1 to 1000/;
    await wrong(['cardinality', '--cap', '5000', ...stack.args], overCap);
    await wrong(
      ['log-flood', '--cap', '30000', ...stack.args],
      /faults\/0\/lines must be a whole number from 1 to 1000/,
    );
    const otherToken = { FAULTS_ADMIN_TOKEN: 'other' };
    await wrong(['error-burst', ...stack.args], /full-otel at .* another FAULTS_ADMIN_TOKEN/, otherToken);
    await wrong(['error-burst', ...stack.args], /set FAULTS_ADMIN_TOKEN/, { FAULTS_ADMIN_TOKEN: '' });
    await wrong(['bad-release', ...stack.args], /gateway at .* another token: set FAULTS_ADMIN_TOKEN/, otherToken);
    const nowhere = ['--gateway', 'http://127.0.0.1:1'];
    await wrong(['bad-release', ...stack.args, ...nowhere], /--gateway .*: no gateway answers there/);
    await stack.settle();
  });

  test('Ctrl-C in the fault ends it, and what could not be told by then is not judged', async (t) => {
    const stack = await startStack(t);
    const folder = mkdtempSync(join(tmpdir(), 'clew-load-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const args = [RUNNER, 'error-burst', '--pace', 'fast', '--summary', folder, ...stack.args];
    const child = spawn(process.execPath, args, { env: { ...process.env, ...stack.env }, stdio: 'pipe' });
    const ended = Promise.all([child.stdout.setEncoding('utf8').toArray(), once(child, 'close')]);
    const url = stack.args[1]?.replace(/^[^=]+=/, '');
    const headers = { authorization: `Bearer ${stack.env.FAULTS_ADMIN_TOKEN}` };
    const active = async () => {
      const { faults } = (await (await fetch(`${url}/admin/faults`, { headers })).json()) as { faults: object[] };
      return faults.length;
    };
    await waitFor(async () => (await active()) === 1, 'the fault is active');
    child.kill('SIGINT');
    const [output, [code]] = await ended;
    assert.equal(code, 105);
    assert.equal(await active(), 0);
    assert.match(output.join(''), /stopped after \d+ of 30 s\. Thresholds: 1 of 8 hold, 0 do not, 7 are not judged/);
    const { thresholds } = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'));
    const judged = thresholds.filter(({ ok }: { ok: boolean | null }) => ok !== null);
    assert.partialDeepStrictEqual(judged, [{ metric: 'errors{phase:baseline}', ok: true }]);
    await stack.settle();
  });
});

async function playHolding(t: TestContext, scenario: string, stack: Stack, more: string[] = []): Promise<Plays> {
  const plays = await playCalm(t, [scenario, ...stack.args, ...more], stack.env);
  const { code, output, missed, summary } = plays.judged;
  assert.equal(code, 0, output);
  assert.deepEqual(missed, []);
  assert.ok((summary?.durationMs ?? 0) <= FAST_MS, `${scenario} took ${summary?.durationMs} ms`);
  return plays;
}

function requestsOf(plays: Plays[]) {
  return plays.flatMap(({ all }) => all).flatMap(({ summary }) => summary?.requests ?? []);
}

/** `clew verify` on what is left, with k6's own counts. */
async function verify(file: string, plays: Plays[], skip: string[]): Promise<void> {
  const flags = ['verify', '--backend', `local=${file}`, ...skip.flatMap((check) => ['--skip', check])];
  const counts = plays.flatMap(({ all }) => all).flatMap(({ summaryFile }) => ['--k6', summaryFile]);
  const { code, stdout, stderr } = await clewBin([...flags, ...counts]);
  assert.equal(code, 0, `${stdout}${stderr}`);
}

/** The histogram, which is cumulative, has every request that k6 sent; a span is in the store or in a drop counter. */
function everySpanIsStoredOrCounted(evidence: Evidence, plays: Plays[]): void {
  const rows = requestsOf(plays);
  const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0);
  const counts = requestCounts(evidence).filter(({ histogram }) => histogram !== null);
  for (const { service, route, status, histogram } of counts) {
    const same = rows.filter((row) => row.service === service && row.route === route && row.status === status);
    assert.equal(histogram, sum(same.map(({ count }) => count)), `${service} ${route} ${status}`);
  }
  const instances = evidence.db.prepare(
    "SELECT count(DISTINCT attributes ->> 'service.instance.id') AS n FROM resources WHERE service = ? AND spans > 0",
  );
  const processed = listSeries(evidence, { metric: 'otel_sdk_processor_span_processed_total', limit: 100 });
  for (const service of ['full-otel', 'prom-otel']) {
    assert.equal(instances.get(service)?.n, 1, `${service} was restarted`);
    const ofService = counts.filter((count) => count.service === service);
    const failed = processed.filter(({ labels }) => labels.service_name === service && 'error_type' in labels);
    const dropped = sum(failed.map(({ last }) => last?.value ?? 0));
    assert.ok(dropped > 0, service);
    assert.equal(
      sum(ofService.map(({ spans }) => spans ?? 0)) + dropped,
      sum(ofService.map(({ histogram }) => histogram ?? 0)),
      service,
    );
  }
}

/** Spans tell the versions apart: with its fault the new one is slow on its route, and on no other. */
function everyVersionIsThere({ db }: Evidence, plays: Plays[]): void {
  const OF_RUN = `FROM spans JOIN resources ON resources.id = resource_id
    WHERE service = 'full-otel' AND kind = 2 AND spans.attributes ->> 'test.run.id' = ?`;
  const byVersion = db.prepare(
    `SELECT resources.attributes ->> 'service.version' || ' ' || route AS what, avg(duration_us) / 1000 AS ms
     ${OF_RUN} GROUP BY 1`,
  );
  const instances = db.prepare(
    `SELECT count(DISTINCT resources.attributes ->> 'service.instance.id') AS count ${OF_RUN}`,
  );
  const runIds = plays.map(({ judged }) => judged.summary?.runId ?? '');
  const [withFault = {}, without = {}] = runIds.map((runId) =>
    Object.fromEntries(byVersion.all(runId).map(({ what, ms }) => [String(what), Number(ms)])),
  );
  const BAD = '0.2.0-bad /api/users/:id';
  assert.deepEqual(
    Object.keys(withFault).filter((what) => (withFault[what] ?? 0) > 250),
    [BAD],
  );
  assert.ok((without[BAD] ?? Infinity) < 250, JSON.stringify(without));
  // The peer of prom-otel; and behind the gateway old, new and old again.
  assert.deepEqual(
    runIds.map((runId) => instances.get(runId)?.count),
    [4, 4],
  );
}
