import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { filesOf } from '../alloy/roles.ts';
import { configSchema } from '../packages/service/src/index.ts';
import { parseConfig } from '../packages/service/src/read-config.ts';
import { COMPOSE, dockerfileOf, mountsOf, readCompose, readEnv, resolve, variablesIn } from './compose/read.ts';
import { standardVariables } from './docs/standard-variables.ts';

const ROOT = join(import.meta.dirname, '..');
const LOKI = join(ROOT, '.tools/bin/loki');
const FILES = ['compose.yaml', 'compose.cloud.yaml'];
const env = readEnv();
/** They do their work and end, or have a check in their image. */
const WITHOUT_HEALTHCHECK = ['probe', 'load', 'verify', 'full-otel', 'prom-otel'];
/** What Compose knows of a service and this repository uses; a typo is refused by Compose too. */
const KEYS =
  'image build extends command environment volumes ports labels healthcheck depends_on profiles mem_limit stop_grace_period restart';

for (const file of FILES) {
  const { text, services, volumes } = readCompose(file);
  const entries = Object.entries(services);

  describe(`deploy/compose/${file}`, () => {
    it('has only keys that Compose knows', () => {
      const { services: written } = parse(text, { merge: true }) as { services: Record<string, object> };
      for (const [name, service] of Object.entries(written)) {
        for (const key of Object.keys(service)) assert.ok(KEYS.split(' ').includes(key), `${name}: ${key}`);
      }
    });

    it('mounts only what exists, and for reading, but for volumes that it declares', () => {
      for (const [name, service] of entries) {
        for (const mount of service.volumes ?? []) {
          if (mount.startsWith('.') || mount.startsWith('/')) assert.match(mount, /:ro$/, `${name}: ${mount}`);
        }
        for (const { source, ofRepository } of mountsOf(service)) {
          const there = ofRepository ? existsSync(source) : source in volumes || source === '/var/run/docker.sock';
          assert.ok(there, `${name}: ${source} does not exist`);
        }
      }
    });

    it('publishes ports on 127.0.0.1 only, each once', () => {
      const ports = entries.flatMap(([, service]) => service.ports ?? []).map((port) => resolve(port));
      assert.ok(ports.length >= 5);
      for (const port of ports) assert.match(port, /^127\.0\.0\.1:\d+:\d+$/);
      assert.equal(new Set(ports.map((port) => port.split(':')[1])).size, ports.length);
    });

    it('limits the memory of each service, in all to 4 GB at the most', () => {
      const limits = entries.map(([name, { mem_limit = '' }]) => {
        assert.match(mem_limit, /^\d+m$/, name);
        return Number.parseInt(mem_limit, 10);
      });
      assert.ok(limits.reduce((total, limit) => total + limit, 0) <= 4096);
    });

    it('takes every image from .env, and no version that moves', () => {
      for (const [name, { image = '' }] of entries) {
        assert.match(image, /^\$\{[A-Z0-9]+_IMAGE\}$|^clew\/[\w-]+:\$\{CLEW_VERSION\}$/, name);
        assert.match(resolve(image), /:v?\d+\.\d+\.\d+[\w.-]*$/, name);
      }
    });

    it('knows whether each service is healthy, and waits only for what can be', () => {
      for (const [name, { healthcheck, depends_on = {} }] of entries) {
        assert.equal(healthcheck === undefined, WITHOUT_HEALTHCHECK.includes(name), name);
        for (const other of Object.keys(depends_on)) assert.ok(other in services, `${name} waits for ${other}`);
      }
    });

    it('gives services settings that they have, with values that they take', () => {
      for (const name of ['full-otel', 'prom-otel']) {
        const given = Object.entries(services[name]?.environment ?? {});
        assert.ok(given.length > 3);
        for (const [variable] of given) {
          const known = Object.hasOwn(configSchema.properties, variable) || standardVariables.includes(variable);
          assert.ok(known, `${name}: ${variable}`);
        }
        parseConfig({}, Object.fromEntries(given.map(([variable, value]) => [variable, resolve(String(value))])));
      }
    });

    it('gives Alloy the files of its role, and variables that they read', () => {
      const { alloy = {} } = services;
      const files = filesOf('docker+profiles');
      const mounted = mountsOf(alloy).filter(({ target }) => target.startsWith('/etc/alloy/'));
      assert.deepEqual(mounted.map(({ source }) => source).sort(), files.toSorted());
      for (const { source, target } of mounted) assert.equal(basename(target), basename(source));
      const read = new Set(files.flatMap((path) => readFileSync(path, 'utf8').match(/(?<=sys\.env\(")\w+/g) ?? []));
      for (const name of Object.keys(alloy.environment ?? {})) assert.ok(read.has(name), `no file reads ${name}`);
    });

    it('has no secret', () => {
      for (const [name, { environment = {} }] of entries) {
        for (const [variable, value] of Object.entries(environment)) {
          const secret = /PASSWORD|TOKEN|SECRET|KEY/.test(variable);
          if (secret) assert.match(String(value), /^\$\{\w+(:-)?\}$/, `${name}: ${variable} is written down`);
        }
      }
    });
  });
}

describe('deploy/compose/.env', () => {
  const used = FILES.flatMap((file) => variablesIn(readCompose(file).text));

  it('has every variable that has no other value, and no other', () => {
    const needed = used.filter(({ operator }) => operator === '').map(({ name }) => name);
    assert.deepEqual(Object.keys(env).sort(), [...new Set(needed)].sort());
  });

  it('has the version of this repository, and the k6 that it is tested with', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    assert.equal(env.CLEW_VERSION, version);
    assert.match(
      readFileSync(join(ROOT, 'tools/k6/go.mod'), 'utf8'),
      new RegExp(` v${env.K6_IMAGE?.split(':')[1]}\\b`),
    );
  });

  it('has nothing that only its owner may know', () => {
    assert.equal(env.FAULTS_ADMIN_TOKEN, '');
  });

  it('names a scenario that there is', () => {
    assert.ok(existsSync(join(ROOT, `load/scenarios/${env.SCENARIO}.ts`)));
  });
});

describe('deploy/docker/Dockerfile', () => {
  const { services } = readCompose('compose.yaml');
  const built = Object.values(services).filter(({ build }) => build !== undefined);
  const text = readFileSync(dockerfileOf(built[0] ?? {}), 'utf8');

  it('has the stages and services that Compose builds', () => {
    assert.equal(built.length, 3);
    for (const { build } of built) {
      assert.match(text, new RegExp(`^FROM \\S+ AS ${build?.target}$`, 'm'));
      const { SERVICE = '' } = build?.args ?? {};
      if (build?.target === 'service') assert.ok(readdirSync(join(ROOT, 'services')).includes(SERVICE), SERVICE);
    }
  });

  it('starts from images by digest, with the Node and pnpm of this repository', () => {
    const stages = [...text.matchAll(/^FROM (\S+) AS (\S+)$/gm)].map(([, from = '', name = '']) => ({ from, name }));
    const outside = stages.filter(({ from }) => !stages.some(({ name }) => name === from));
    const [, node] = /^nodeVersion: (\S+)$/m.exec(readFileSync(join(ROOT, 'pnpm-workspace.yaml'), 'utf8')) ?? [];
    assert.equal(outside.length, 2);
    for (const { from } of outside) {
      assert.match(from, new RegExp(`^node:${node}-\\w+(-slim)?@sha256:[0-9a-f]{64}$`));
    }
    const { packageManager } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const managers = text.match(/pnpm@[\d.]+/g) ?? [];
    assert.ok(managers.length > 2);
    for (const manager of managers) assert.equal(manager, packageManager);
  });

  it('runs without root and without a shell', () => {
    assert.match(text, /^USER 1000:1000$/m);
    for (const [line] of text.matchAll(/^(?:CMD|ENTRYPOINT|HEALTHCHECK .*CMD) .*$/gm)) assert.match(line, /\["node", /);
    // The base image's entry point is a shell script: each image that is run has its own.
    for (const { build } of built) {
      const [stage = ''] = new RegExp(`^FROM run AS ${build?.target}\\n(?:(?!FROM ).*\\n?)*`, 'm').exec(text) ?? [];
      assert.match(stage, /^ENTRYPOINT \["node", /m, `stage ${build?.target}`);
    }
  });
});

it('Loki takes deploy/compose/loki.yaml', { skip: !existsSync(LOKI) && 'left out: no .tools/bin/loki' }, () => {
  execFileSync(LOKI, [`-config.file=${join(COMPOSE, 'loki.yaml')}`, '-verify-config'], { stdio: 'pipe' });
});
