import assert from 'node:assert/strict';
import { syncBuiltinESMExports } from 'node:module';
import { type TestContext, test } from 'node:test';
import timers from 'node:timers/promises';
import { draw } from '@clew/service';
import { until } from '../../service/test/until.ts';
import { asking, buildApp } from './build-app.ts';

const attributes = (name: string, source: string) => ({ 'clew.fault.name': name, 'clew.fault.source': source });

test('without a setting there is no hook, no path, and the header means nothing', async (t) => {
  const added: string[] = [];
  const { app } = await buildApp(t);
  const fake = { addHook: (name: string) => added.push(name), register: () => added.push('plugin'), log: app.log };
  const { faults } = await import('../src/index.ts');
  await faults(fake as never, { config: { SEED: 1, FAULTS_FROM_HEADERS: false } }); // it only touches these
  assert.deepEqual(added, []);
  assert.equal((await app.inject({ url: '/work', headers: asking('error') })).statusCode, 200);
  assert.equal((await app.inject('/admin/faults')).statusCode, 404);
});

test('the header goes before the admin API, and that before the environment; what does not match lets the next in', async (t) => {
  const { app, telemetry } = await buildApp(t, {
    FAULTS: 'error;status=501;name=of-env;ttlMs=60000',
    FAULTS_FROM_HEADERS: true,
    FAULTS_ADMIN_TOKEN: 'secret',
  });
  const status = async (headers = {}) => (await app.inject({ url: '/work', headers })).statusCode;
  assert.equal(await status(), 501);
  const faults = [{ kind: 'error', status: 502, name: 'of-admin', match: { route: '/work' }, ttlMs: 60_000 }];
  const authorization = 'Bearer secret';
  await app.inject({ method: 'PUT', url: '/admin/faults', headers: { authorization }, payload: { faults } });
  assert.equal(await status(), 502);
  assert.equal(await status(asking('error;status=503')), 503);
  assert.equal(await status(asking('error;status=503;method=POST')), 502);
  assert.equal((await app.inject('/users/1')).statusCode, 501);
  assert.deepEqual(
    telemetry.requests.map((request) => request.attributes),
    [
      attributes('of-env', 'env'),
      attributes('of-admin', 'admin'),
      attributes('error', 'header'),
      attributes('of-admin', 'admin'),
      attributes('of-env', 'env'),
    ],
  );
});

test('several faults of a source come together', async (t) => {
  const { app, telemetry } = await buildApp(t, { FAULTS_FROM_HEADERS: true });
  const start = performance.now();
  const answer = await app.inject({ url: '/work', headers: asking('latency;ms=50, error;status=503') });
  assert.equal(answer.statusCode, 503);
  assert.ok(performance.now() - start >= 49);
  assert.deepEqual(telemetry.requests[0]?.attributes, attributes('latency,error', 'header'));
});

for (const { match, meets, misses } of [
  { match: 'route=/users/:id', meets: { url: '/users/1' }, misses: { url: '/work' } },
  { match: 'method=HEAD', meets: { method: 'HEAD', url: '/work' }, misses: { url: '/work' } },
  { match: 'userId=7', meets: { url: '/users/7' }, misses: { url: '/users/8' } },
  {
    match: 'header.X-Canary=yes',
    meets: { url: '/work', headers: { 'x-canary': 'yes' } },
    misses: { url: '/work', headers: { 'x-canary': 'no' } },
  },
  { match: 'share=1', meets: { url: '/work' }, misses: { url: '/nothing' } },
] as const) {
  test(`${match} matches and misses`, async (t) => {
    const { app, telemetry } = await buildApp(t, { FAULTS: `latency;ms=0;${match};ttlMs=60000` });
    await app.inject(meets);
    await app.inject(misses);
    assert.deepEqual(
      telemetry.requests.map((request) => request.attributes),
      [attributes('latency', 'env'), {}],
    );
  });
}

test('a share is drawn by seed, name, route and the number of the request on the route', async (t) => {
  const statuses = async (FAULTS: string, SEED = 1) => {
    const { app } = await buildApp(t, { FAULTS, SEED });
    const answers = await Promise.all(Array.from({ length: 50 }, () => app.inject('/work')));
    return answers.map(({ statusCode }) => statusCode);
  };
  const rule = 'error;name=some;share=0.3;ttlMs=60000';
  const drawn = Array.from({ length: 50 }, (_, n) => (draw(1, 'some GET /work share', n) < 0.3 ? 500 : 200));
  assert.ok(drawn.includes(500) && drawn.includes(200));
  assert.deepEqual(await statuses(rule), drawn);
  assert.deepEqual(await statuses(`${rule};seed=1`, 9), drawn, 'its own seed goes before that of the service');
  assert.notDeepEqual(await statuses(`${rule};seed=2`), drawn);
  assert.notDeepEqual(await statuses(rule.replace('some', 'other')), drawn);
});

test('probes, the admin API and what no route answers meet no fault', async (t) => {
  const { app } = await buildApp(t, { FAULTS: 'error;ttlMs=60000', FAULTS_ADMIN_TOKEN: 'secret' });
  for (const path of ['/health', '/livez', '/ready', '/readyz', '/openapi.json'])
    assert.equal((await app.inject(path)).statusCode, 200);
  const headers = { authorization: 'Bearer secret' };
  assert.equal((await app.inject({ url: '/admin/faults', headers })).statusCode, 200);
  assert.equal((await app.inject('/nothing')).statusCode, 404);
});

test('input that is not valid is told before any fault happens', async (t) => {
  const { app } = await buildApp(t, { FAULTS: 'error;status=503;ttlMs=60000' });
  assert.equal((await app.inject({ method: 'POST', url: '/work', payload: {} })).statusCode, 405);
});

test('a rule ends by itself', async (t) => {
  const { app, telemetry } = await buildApp(t, { FAULTS: 'error;name=short;ttlMs=150' });
  assert.equal((await app.inject('/work')).statusCode, 500);
  await until(() => telemetry.lines.some(({ msg }) => msg === 'fault ended'));
  assert.equal((await app.inject('/work')).statusCode, 200);
  const fields = { 'clew.fault.name': 'short', 'clew.fault.kind': 'error', 'clew.fault.source': 'env' };
  const lines = telemetry.lines.filter(({ msg }) => msg.startsWith('fault '));
  assert.deepEqual(lines, [
    { time: lines[0]?.time, level: 'warn', msg: 'fault started', ...fields },
    { time: lines[1]?.time, level: 'info', msg: 'fault ended', ...fields, 'clew.fault.hits': 1 },
  ]);
});

test('a rule is over when its time is, also while the event loop was blocked', async (t) => {
  const { app } = await buildApp(t, { FAULTS: 'block;ms=300;ttlMs=200' });
  const answers = await Promise.all([app.inject('/work'), app.inject('/work'), app.inject('/work')]);
  assert.ok(answers.every(({ statusCode }) => statusCode === 200));
  const start = performance.now();
  await app.inject('/work');
  assert.ok(performance.now() - start < 250);
});

for (const before of [
  { kind: 'latency', ms: 400 },
  { kind: 'block', ms: 400 }, // the timer of the second rule is late, too
]) {
  test(`a rule whose time ends in the ${before.kind} of one before it is not met any more`, async (t) => {
    const { app, telemetry, put } = await buildWithAdmin(t);
    t.mock.timers.enable({ apis: ['Date', 'setTimeout'], now: Date.now() });
    whileLatencyLasts(t, async () => t.mock.timers.tick(400));
    t.mock.method(Atomics, 'wait', () => t.mock.timers.setTime(Date.now() + 400));
    await put([
      { ...before, ttlMs: 60_000 },
      { kind: 'error', ttlMs: 200 },
    ]);
    assert.equal((await app.inject('/work')).statusCode, 200);
    t.mock.timers.tick(200);
    assert.equal(telemetry.lines.find(({ msg }) => msg === 'fault ended')?.['clew.fault.hits'], 0);
    assert.deepEqual(telemetry.requests.at(-1)?.attributes, attributes(before.kind, 'admin'));
  });
}

test('a rule that is taken back while a request waits in one before it is not met any more', async (t) => {
  const { app, telemetry, put } = await buildWithAdmin(t);
  whileLatencyLasts(t, () => put([]));
  await put([
    { kind: 'latency', ms: 400, ttlMs: 60_000 },
    { kind: 'error', ttlMs: 60_000 },
  ]);
  assert.equal((await app.inject('/work')).statusCode, 200);
  assert.deepEqual(telemetry.requests.at(-1)?.attributes, attributes('latency', 'admin'));
});

/** A latency takes as long as what happens in it. */
function whileLatencyLasts(t: TestContext, happens: () => Promise<unknown>): void {
  const { mock } = t.mock.method(timers, 'setTimeout', happens);
  syncBuiltinESMExports();
  t.after(() => {
    mock.restore();
    syncBuiltinESMExports();
  });
}

async function buildWithAdmin(t: TestContext) {
  const built = await buildApp(t, { FAULTS_ADMIN_TOKEN: 'secret' });
  const request = { url: '/admin/faults', headers: { authorization: 'Bearer secret' } };
  return {
    ...built,
    put: (faults: object[]) => built.app.inject({ ...request, method: 'PUT', payload: { faults } }),
  };
}

test('a header that cannot be used is a 400 that says which field and what would be right', async (t) => {
  const { app } = await buildApp(t, { FAULTS_FROM_HEADERS: true });
  const answer = await app.inject({ url: '/work', headers: asking('latency;ms=99999;route=/wrok, nonsense') });
  assert.equal(answer.statusCode, 400);
  assert.match(String(answer.headers['content-type']), /problem\+json/);
  assert.deepEqual(answer.json().errors, [
    { in: 'headers', field: 'x-clew-fault/0/ms', detail: 'must be a whole number from 0 to 12000' },
    {
      in: 'headers',
      field: 'x-clew-fault/1/kind',
      detail: 'must be one of latency, error, exception, hang, drop, dependency, cpu, block, memory, log-flood, labels',
    },
  ]);
});

test('a route that is not there is told, with those that are', async (t) => {
  const { app } = await buildApp(t, { FAULTS_FROM_HEADERS: true });
  const answer = await app.inject({ url: '/work', headers: asking('error;route=/wrok') });
  assert.match(answer.json().errors[0].detail, /^must be one of \/work, \/users\/:id$/);
  await assert.rejects(buildApp(t, { FAULTS: 'error;route=/wrok;ttlMs=1' }), /FAULTS: 0\/match\/route must be one of/);
});

test('the end of the service is the end of its faults', async (t) => {
  const { app, telemetry } = await buildApp(t, { FAULTS: 'error;ttlMs=60000' });
  await app.close();
  assert.equal(telemetry.lines.filter(({ msg }) => msg === 'fault ended').length, 1);
});
