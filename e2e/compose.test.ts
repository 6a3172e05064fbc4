import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, suite, type TestContext, test } from 'node:test';
import { COMPOSE, readCompose } from '../test/compose/read.ts';
import { installTool } from '../tools/install-tool.ts';

// deploy/compose, read by the library of Docker Compose itself: `docker compose config` without Docker.

const BUILT = join(import.meta.dirname, '../.tools/bin/compose-check');
const noGo = spawnSync('go', ['version']).error !== undefined;
const leftOut = !existsSync(BUILT) && noGo && 'left out: compose-check is built with Go, which is not on PATH';

/** What compose.cloud.yaml asks for. */
const CLOUD = {
  METRICS_URL: 'https://metrics.example/api/prom/push',
  LOGS_URL: 'https://logs.example/loki/api/v1/push',
  LOGS_OTLP_URL: 'https://otlp.example/otlp',
  TRACES_URL: 'https://otlp.example/otlp',
};

interface Project {
  services: Record<string, { image: string; mem_limit: string; ports?: { host_ip: string }[]; environment?: object }>;
}

suite('Docker Compose takes the files', { skip: leftOut }, () => {
  let check: string;

  before(async () => {
    [check = ''] = await installTool('compose-check', { out: process.stderr });
  });

  const read = (file: string, env: Record<string, string> = {}) => {
    const { status, stdout, stderr } = spawnSync(check, [file], { encoding: 'utf8', env: { PATH: '', ...env } });
    return { status, stdout, stderr };
  };
  const project = (file: string, env = {}): Project => {
    const { status, stdout, stderr } = read(join(COMPOSE, file), env);
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout);
  };

  for (const [file, env] of Object.entries({ 'compose.yaml': {}, 'compose.cloud.yaml': CLOUD })) {
    test(`${file}: as test/compose.test.ts reads it`, () => {
      const { services } = project(file, env);
      assert.deepEqual(Object.keys(services).sort(), Object.keys(readCompose(file).services).sort());
      for (const [name, { image, mem_limit, ports = [] }] of Object.entries(services)) {
        assert.match(image, /:v?\d/, name);
        assert.ok(Number(mem_limit) > 0, name);
        for (const { host_ip } of ports) assert.equal(host_ip, '127.0.0.1', name);
      }
      const limits = Object.values(services).map(({ mem_limit }) => Number(mem_limit));
      assert.ok(limits.reduce((total, limit) => total + limit, 0) <= 4 * 2 ** 30);
    });
  }

  test('compose.cloud.yaml: what is not set is named, with what it is', () => {
    const { status, stderr } = read(join(COMPOSE, 'compose.cloud.yaml'));
    assert.equal(status, 1);
    assert.match(stderr, /required variable \w+_URL is missing a value: where /);
  });

  /** What each kind of mistake is found as. */
  const MISTAKES: { change: [from: string, to: string]; finds: RegExp }[] = [
    { change: ['mem_limit: 512m', 'memory_limit: 512m'], finds: /memory_limit/ },
    { change: ['mem_limit: 512m', 'mem_limit: much'], finds: /much/ },
    { change: ['condition: service_healthy', 'condition: service_well'], finds: /condition/ },
    { change: ['      - loki:/loki', '      - lokis:/loki'], finds: /undefined volume lokis/ },
    {
      change: ['    probe:\n      condition', '    prober:\n      condition'],
      finds: /undefined service "prober"/,
    },
  ];

  for (const { change, finds } of MISTAKES) {
    test(`compose.yaml with ${JSON.stringify(change[1])} is found`, (t) => {
      const file = copy(t, 'compose.yaml');
      const right = readFileSync(file, 'utf8');
      assert.ok(right.includes(change[0]));
      writeFileSync(file, right.replace(...change));
      const { status, stderr } = read(file);
      assert.equal(status, 1);
      assert.match(stderr, finds);
    });
  }

  test('a service that extends one that there is not is found', (t) => {
    const file = copy(t, 'compose.cloud.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('service: alloy\n', 'service: alloys\n'));
    const { status, stderr } = read(file, CLOUD);
    assert.equal(status, 1);
    assert.match(stderr, /alloys/);
  });
});

/** A file of deploy/compose in a folder of its own, with its neighbours. @returns its path */
function copy(t: TestContext, file: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'clew-compose-'));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(COMPOSE, folder, { recursive: true });
  return join(folder, file);
}
