import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openEvidence } from '@clew/evidence';
import { parseVerify } from '../src/cli/parse-verify.ts';
import { createProgress } from '../src/cli/progress.ts';
import { verifyLocal } from '../src/verify-local.ts';
import { clew } from './support/clew.ts';
import { fakeServer } from './support/fake-server.ts';
import { REQUEST_US, writeRequest } from './support/write-request.ts';

const twoChecks = ['--only', 'log-trace', '--only', 'trace-logs'];

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'clew-test-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

/** Evidence of one request; with `logged: false` its completion line is missing. */
function evidenceFile(t: TestContext, { logged = true } = {}): string {
  const file = join(folder(t), 'run.sqlite');
  const evidence = openEvidence({ file });
  writeRequest(evidence, { traceId: 'a'.repeat(32) });
  if (!logged) writeRequest(evidence, { traceId: 'b'.repeat(32), logged });
  evidence.close();
  return file;
}

test('exit code 0 when everything holds, as a table without colour', async (t) => {
  const { code, stdout, stderr } = await clew(['verify', '--backend', `local=${evidenceFile(t)}`, ...twoChecks]);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /trace-logs +1 +1 +100\.00 %/);
  assert.ok(stdout.endsWith('Verified: 2 of 2 checks hold.\n') && !stdout.includes('\x1b'));
});

test('exit code 1 when a check falls short, unless less is enough', async (t) => {
  const flags = ['verify', '--backend', `local=${evidenceFile(t, { logged: false })}`, ...twoChecks];
  const { code, stdout } = await clew(flags);
  assert.equal(code, 1);
  assert.match(stdout, /trace-logs.*falls short/);
  assert.equal((await clew([...flags, '--min', 'trace-logs=0.5'])).code, 0);
});

test('exit code 2 when there is nothing to check, no such file, or no sense in the arguments', async (t) => {
  const flags = ['verify', '--backend', `local=${evidenceFile(t)}`];
  const later = await clew([...flags, ...twoChecks, '--since', '1h']);
  assert.equal(later.code, 2);
  assert.match(later.stdout, /Not verified: 0 of 2 checks hold/);

  const none = await clew(['verify', '--backend', 'local=/no/such/file']);
  assert.deepEqual([none.code, none.stdout], [2, '']);
  assert.match(none.stderr, /there is no evidence file \/no\/such\/file/);

  const wrong = await clew([...flags, '--since', 'x', '--min', 'y']);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /--min y: .*\n--since x: .*\nsee clew verify --help\n/);
});

test('times bound the checks, and requests are only counted for a whole run', async (t) => {
  const HOUR_US = 3_600_000_000;
  const file = join(folder(t), 'run.sqlite');
  const evidence = openEvidence({ file });
  writeRequest(evidence, { traceId: 'a'.repeat(32), logged: false });
  writeRequest(evidence, { traceId: 'b'.repeat(32), timeUs: REQUEST_US + HOUR_US });
  evidence.close();
  const flags = ['--backend', `local=${file}`, '--only', 'trace-logs', '--only', 'request-counts', '--output', 'json'];
  const run = async (flag: string, afterUs: number) => {
    const time = new Date((REQUEST_US + afterUs) / 1000).toISOString();
    const { stdout } = await clew(['verify', ...flags, flag, time]);
    const [logs, counts] = JSON.parse(stdout).results;
    return [logs.checked, logs.held, counts.status, ...Object.keys(counts.reasons)];
  };
  assert.deepEqual(await run('--since', -HOUR_US), [2, 1, 'falls-short']);
  assert.deepEqual(await run('--until', 2 * HOUR_US), [2, 1, 'falls-short']);
  const reason =
    'requests are counted for the whole run: give times that hold all of it (--since, --until, --window, --grace), or none';
  assert.deepEqual(await run('--since', HOUR_US / 2), [1, 1, 'nothing-to-check', reason]);
  assert.deepEqual(await run('--until', HOUR_US / 2), [1, 0, 'nothing-to-check', reason]);
});

test('says once what was looked for, where, and why it may not be there', async (t) => {
  const file = evidenceFile(t);
  const flags = ['verify', '--backend', `local=${file}`, '--service', 'nope', '--until', '1h'];
  const { code, stdout } = await clew(flags);
  assert.equal(code, 2);
  const causes = 'nothing was sent; it was sent at another time (--since, --until, --window); the services have other';
  assert.match(
    stdout,
    /^Nothing found: no traces, metrics or logs of service nope until 20\d\d-\S+Z in \S+run\.sqlite\. /,
  );
  assert.ok(stdout.includes(`Likely causes: ${causes} names (--service, --namespace).`), stdout);
  assert.doesNotMatch(stdout, /--skip/);
  assert.match(JSON.parse((await clew([...flags, '--output', 'json'])).stdout).nothing, /^Nothing found/);
});

test('the API of the local backend names its file', async (t) => {
  const file = evidenceFile(t);
  const { url, asked } = await fakeServer(t, () => ({ json: { file } }));
  assert.equal((await clew(['verify', '--backend', `local=${url}`, ...twoChecks])).code, 0);
  assert.deepEqual(
    asked.map(({ path }) => path),
    ['/api/summary'],
  );
  const memory = await fakeServer(t, () => ({ json: { file: null } }));
  const { code, stderr } = await clew(['verify', '--backend', `local=${memory.url}`]);
  assert.equal(code, 2);
  assert.match(stderr, /keeps its evidence in memory: start it with --file/);
});

test('evidence that is being written: reads what is there, leaves out the newest, counts no requests under load', async (t) => {
  const file = join(folder(t), 'live.sqlite');
  const evidence = openEvidence({ file });
  t.after(() => evidence.close());
  writeRequest(evidence, { traceId: 'a'.repeat(32), timeUs: Date.now() * 1000 - 60_000_000 });
  writeRequest(evidence, { traceId: 'b'.repeat(32), timeUs: Date.now() * 1000, logged: false });
  const flags = ['verify', '--backend', `local=${file}`, '--output', 'json', '--only', 'trace-logs'];
  const { code, stdout } = await clew([...flags, '--only', 'request-counts']);
  const { results } = JSON.parse(stdout);
  assert.deepEqual([results[0].name, results[0].checked, results[0].status], ['trace-logs', 1, 'holds']);
  assert.match(Object.keys(results[1].reasons)[0] ?? '', /requests were still coming in/);
  assert.equal(code, 2);
  assert.equal((await clew([...flags, '--grace', '0'])).code, 1);
  const nothingLeft = await clew([...flags, '--since', '20s']);
  assert.equal(nothingLeft.code, 2);
  assert.match(nothingLeft.stderr, /--since: nothing is left of it, as the newest 30 s are left out/);
});

test("a load generator's counts are compared in a copy, which --keep keeps", async (t) => {
  const file = evidenceFile(t);
  const before = readFileSync(file);
  const tally = join(folder(t), 'tally.json');
  const sent = (count: number) =>
    JSON.stringify([{ generator: 'k6', service: 'shop', method: 'GET', route: '/x', status: 200, count }]);
  const keep = join(folder(t), 'kept.sqlite');
  const flags = ['verify', '--backend', `local=${file}`, '--only', 'request-counts', '--tally', tally];
  writeFileSync(tally, sent(1));
  assert.equal((await clew([...flags, '--keep', keep])).code, 0);
  assert.ok(existsSync(keep));
  writeFileSync(tally, sent(2));
  const { code, stdout } = await clew(flags);
  assert.equal(code, 1);
  assert.match(stdout, /sent=2/);
  assert.deepEqual(readFileSync(file), before);
});

test("k6's counts are compared per route and status", async (t) => {
  const flags = ['verify', '--backend', `local=${evidenceFile(t)}`, '--only', 'request-counts', '--k6'];
  const summary = join(folder(t), 'summary.json');
  const requests = [{ service: 'shop', method: 'GET', route: '/x', status: 200, count: 1 }];
  const sent = (more: object[]) =>
    writeFileSync(summary, JSON.stringify({ generator: 'k6', requests: [...requests, ...more], uncounted: 0 }));
  sent([]);
  assert.equal((await clew([...flags, summary])).code, 0);
  sent([{ service: 'shop', method: 'GET', route: '/x', status: 0, count: 1 }]);
  const { code, stdout } = await clew([...flags, summary]);
  assert.equal(code, 1);
  assert.match(stdout, /route=\/x.* sent=1/);
});

test('writes JSON and JUnit to a file', async (t) => {
  const flags = ['verify', '--backend', `local=${evidenceFile(t)}`, ...twoChecks];
  const out = join(folder(t), 'report');
  const { stdout } = await clew([...flags, '--output', 'junit', '--output-file', out]);
  assert.equal(stdout, '');
  assert.match(
    readFileSync(out, 'utf8'),
    /^<\?xml .*\n<testsuites name="clew verify" tests="2" failures="0" errors="0">/,
  );
  await clew([...flags, '--output', 'json', '--output-file', out]);
  assert.equal(JSON.parse(readFileSync(out, 'utf8')).verdict, 'holds');
});

test('says when the checks begin, which block the process, so that signals can end it', async (t) => {
  const command = parseVerify(['--backend', `local=${evidenceFile(t)}`], {});
  const beforeChecks = () => {
    throw new Error('before the checks');
  };
  const run = { folder: folder(t), progress: createProgress(process.stderr), beforeChecks };
  await assert.rejects(verifyLocal(command, run), /^Error: before the checks$/);
});

test('--tail-sampled goes to the checks, whatever is read', async (t) => {
  const file = evidenceFile(t);
  const evidence = openEvidence({ file });
  const line = {
    timeUs: Date.now() * 1000,
    body: 'x',
    traceId: 'c'.repeat(32),
    attributes: {},
    source: 'otlp' as const,
  };
  evidence.write([{ resource: { attributes: { 'service.name': 'shop' } }, logs: [line] }]);
  evidence.close();
  const flags = ['verify', '--backend', `local=${file}`, '--only', 'log-trace'];
  assert.equal((await clew(flags)).code, 1);
  assert.equal((await clew([...flags, '--tail-sampled'])).code, 0);
});
