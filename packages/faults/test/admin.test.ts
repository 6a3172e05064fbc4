import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { test } from 'node:test';
import type { FaultChange } from '../src/index.ts';
import { buildApp } from './build-app.ts';

const headers = { authorization: 'Bearer correct-horse' };
const settings = { FAULTS_ADMIN_TOKEN: 'correct-horse' };
const url = '/admin/faults';

test('what is put is listed, with its source, its times and its hits, until it is deleted', async (t) => {
  const { app } = await buildApp(t, { ...settings, FAULTS: 'cpu;ms=1;ttlMs=1000;route=/users/:id' });
  const faults = [{ kind: 'error', status: 503, match: { route: '/work' }, ttlMs: 60_000 }];
  const put = await app.inject({ method: 'PUT', url, headers, payload: { faults } });
  assert.equal(put.statusCode, 200);
  await app.inject('/work');
  const [mine, ofEnv, ...more] = (await app.inject({ url, headers })).json().faults;
  assert.deepEqual(more, []);
  const { startedAt, endsAt, ...rest } = mine;
  assert.deepEqual(rest, { ...faults[0], name: 'error', source: 'admin', hits: 1 });
  assert.equal(Date.parse(endsAt) - Date.parse(startedAt), 60_000);
  assert.deepEqual([ofEnv.source, ofEnv.hits], ['env', 0]);

  const left = (await app.inject({ method: 'DELETE', url, headers })).json().faults;
  assert.deepEqual(
    left.map(({ source }: { source: string }) => source),
    ['env'],
  );
  assert.equal((await app.inject('/work')).statusCode, 200);
});

test('telemetry is told when rules begin and end', async (t) => {
  const changes: string[] = [];
  const remember = (message: unknown) => {
    const { name, kind, source, active } = message as FaultChange;
    changes.push(`${source} ${kind} ${name} ${active}`);
  };
  subscribe('clew.fault', remember);
  t.after(() => unsubscribe('clew.fault', remember));
  const { app } = await buildApp(t, settings);
  const put = (names: string[]) => {
    const faults = names.map((name) => ({ name, kind: 'error', ttlMs: 60_000 }));
    return app.inject({ method: 'PUT', url, headers, payload: { faults } });
  };
  await put(['one']);
  await put(['two']);
  await app.inject({ method: 'DELETE', url, headers });
  assert.deepEqual(changes, [
    'admin error one true',
    'admin error one false',
    'admin error two true',
    'admin error two false',
  ]);
});

for (const authorization of [
  undefined,
  '',
  'Bearer',
  'Bearer ',
  'Bearer wrong',
  'Basic correct-horse',
  'correct-horse',
]) {
  test(`Authorization: ${authorization} is a 401, and nothing changes`, async (t) => {
    const { app } = await buildApp(t, settings);
    for (const method of ['GET', 'PUT', 'DELETE'] as const) {
      const payload = method === 'PUT' ? { faults: [{ kind: 'error', ttlMs: 60_000 }] } : undefined;
      const answer = await app.inject({
        method,
        url,
        ...(authorization !== undefined && { headers: { authorization } }),
        ...(payload && { payload }),
      });
      assert.equal(answer.statusCode, 401);
      assert.equal(answer.headers['www-authenticate'], 'Bearer');
      assert.match(answer.json().detail, /FAULTS_ADMIN_TOKEN/);
    }
    assert.deepEqual((await app.inject({ url, headers })).json().faults, []);
  });
}

test('faults that cannot be used are a 400 with every bad field, and those from before stay', async (t) => {
  const { app } = await buildApp(t, settings);
  await app.inject({ method: 'PUT', url, headers, payload: { faults: [{ kind: 'error', ttlMs: 60_000 }] } });
  const faults = [
    { kind: 'latency', ms: 12_001, ttlMs: 3_600_001 },
    { kind: 'cpu', ms: 5_001, ttlMs: 1, speed: 3, match: { share: 2, method: 'GTE' } },
    { kind: 'memory', ttlMs: 1 },
    'error',
  ];
  const answer = await app.inject({ method: 'PUT', url, headers, payload: { faults } });
  assert.equal(answer.statusCode, 400);
  const errors = answer.json().errors.map(({ field, detail }: { field: string; detail: string }) => [field, detail]);
  assert.deepEqual(Object.fromEntries(errors), {
    'faults/0/ms': 'must be a whole number from 0 to 12000',
    'faults/0/ttlMs': 'must be a whole number from 1 to 3600000',
    'faults/1/ms': 'must be a whole number from 1 to 5000',
    'faults/1/speed': 'is not known: there are name, kind, match, ttlMs, seed, ms',
    'faults/1/match/share': 'must be a number from 0 to 1',
    'faults/1/match/method': 'must be one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS',
    'faults/2/bytes': 'is missing: a whole number from 1024 to 16777216',
    'faults/3/kind':
      'must be one of latency, error, exception, hang, drop, dependency, cpu, block, memory, log-flood, labels',
  });
  assert.equal((await app.inject({ url, headers })).json().faults.length, 1);
});

for (const payload of ['"faults"', '{}', '[]', '{"faults": "error"}', 'null']) {
  test(`a body of ${payload} is a 400`, async (t) => {
    const { app } = await buildApp(t, settings);
    const answer = await app.inject({
      method: 'PUT',
      url,
      headers: { ...headers, 'content-type': 'application/json' },
      payload,
    });
    assert.equal(answer.statusCode, 400);
    assert.deepEqual(answer.json().errors, [{ in: 'body', field: 'faults', detail: 'must be a list of rules' }]);
  });
}

test('names, which are label values, come to an end', async (t) => {
  const { app } = await buildApp(t, settings);
  const put = async (from: number) => {
    const faults = Array.from({ length: 20 }, (_, i) => ({ name: `n${from + i}`, kind: 'error', ttlMs: 60_000 }));
    return (await app.inject({ method: 'PUT', url, headers, payload: { faults } })).statusCode;
  };
  for (const from of [0, 20, 40, 60, 80, 0]) assert.equal(await put(from), 200);
  assert.equal(await put(81), 400);
});

test('it is in no signal', async (t) => {
  const { app, telemetry } = await buildApp(t, settings);
  await app.inject({ url, headers });
  assert.deepEqual(telemetry.requests, []);
});
