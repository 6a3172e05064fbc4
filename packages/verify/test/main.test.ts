import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flags } from '../src/cli/flags.ts';
import { clew, clewBin } from './support/clew.ts';
import { fakeServer } from './support/fake-server.ts';

test('explains itself', async () => {
  const help = await clew(['--help']);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /^Usage: clew verify/);
  const verify = await clew(['verify', '--help']);
  assert.equal(verify.code, 0);
  for (const name of Object.keys(flags)) assert.match(verify.stdout, new RegExp(`^ {2}--${name}\\b`, 'm'));
  assert.match((await clewBin(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/);
});

test('the bin passes arguments and exit code on', async () => {
  const { code, stderr } = await clewBin(['verify', '--nope']);
  assert.equal(code, 2);
  assert.match(stderr, /^--nope: no such flag\n/);
});

test('a command that there is not ends with 2 and the help', async () => {
  for (const args of [[], ['verfiy']]) {
    const { code, stderr, stdout } = await clew(args);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /no (such )?command\n\nUsage: clew verify/);
  }
});

test('names every store that is not as it should be, and no secret', async (t) => {
  const loki = await fakeServer(t, () => ({ text: 'unauthorized', status: 401 }));
  const url = loki.url.replace('//', '//me:hunter2@');
  const flags = ['verify', '--prometheus', 'http://127.0.0.1:1', '--loki', url];
  const { code, stdout, stderr } = await clew(flags, { CLEW_PROMETHEUS_TOKEN: 's3cr3t' });
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, /^Prometheus at http:\/\/127\.0\.0\.1:1: connection refused/m);
  assert.match(stderr, /^Loki at http:\/\/127\.0\.0\.1:\d+: 401, .*CLEW_LOKI_TOKEN/m);
  assert.doesNotMatch(stderr, /hunter2|s3cr3t/);
  assert.equal(loki.asked[0]?.headers.authorization, `Basic ${Buffer.from('me:hunter2').toString('base64')}`);
});

test('whatever goes wrong ends with 2 and a sentence', async () => {
  const malformed = await clew(['verify', '--loki', 'http://me:100%@127.0.0.1:1']);
  assert.equal(malformed.code, 2);
  assert.match(malformed.stderr, /^--loki: .*percent-encoded/);
  assert.doesNotMatch(malformed.stderr, /100%/);

  const noFolder = await clew(['verify', '--backend', 'local=/no/such'], { TMPDIR: '/no/such/folder' });
  assert.deepEqual([noFolder.code, noFolder.stdout], [2, '']);
  assert.match(noFolder.stderr, /^ENOENT.*\n$/);
});
