import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const sources = (...globs: string[]) => globSync(globs, { cwd: ROOT, exclude: ['**/node_modules/**', '**/dist/**'] });

test('there is exactly one copy of the OpenTelemetry API and of each SDK', () => {
  const locked = [...read('pnpm-lock.yaml').matchAll(/^ {2}'(@opentelemetry\/[\w-]+)@[\d.]+':$/gm)].map(
    ([, name]) => name,
  );
  for (const name of ['api', 'core', 'sdk-node', 'sdk-metrics', 'sdk-trace', 'sdk-logs']) {
    assert.equal(locked.filter((other) => other === `@opentelemetry/${name}`).length, 1, name);
  }
});

test('every version is pinned exactly, in the catalog and nowhere else', () => {
  const versions = [...read('pnpm-workspace.yaml').matchAll(/^ {2,4}["']?([@\w/.-]+)["']?: (\S+)$/gm)]
    .map(([, name, version]) => ({ name: String(name), version: String(version) }))
    .filter(({ version }) => /^[\^~<>=*\d]/.test(version));
  assert.ok(versions.length > 20);
  for (const { name, version } of versions) assert.match(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, name);

  for (const file of sources('package.json', '*/package.json', '*/*/package.json')) {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read(file));
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })) {
      assert.match(String(version), /^(catalog:(node)?|workspace:\*)$/, `${name} in ${file}`);
    }
  }
});

// Who may import what. `own` are the folders of the workspace, everything else is a package from the registry.
const SDK = /^@opentelemetry\/(?!api$|semantic-conventions$)/;
const RULES: { folder: string; own: RegExp; forbidden: RegExp }[] = [
  { folder: 'packages/service', own: /^$/, forbidden: SDK },
  { folder: 'packages/demo-api', own: /^@clew\/(service|faults)$/, forbidden: SDK },
  { folder: 'packages/faults', own: /^@clew\/service$/, forbidden: SDK },
  { folder: 'packages/otel-exemplars', own: /^$/, forbidden: /^(fastify|pino)/ },
  { folder: 'packages/otel-otlp-batch', own: /^$/, forbidden: /^(fastify|pino)/ },
  { folder: 'packages/evidence', own: /^$/, forbidden: /^(@opentelemetry\/|fastify$|pino$)/ },
  { folder: 'packages/local-backend', own: /^@clew\/evidence$/, forbidden: /^@opentelemetry\// },
  { folder: 'packages/verify', own: /^@clew\/evidence$/, forbidden: /^@opentelemetry\// },
  { folder: 'services/full-otel', own: /^@clew\/(service|demo-api|faults|otel-.*)$/, forbidden: /^$/ },
  { folder: 'services/prom-otel', own: /^@clew\/(service|demo-api|faults|otel-.*)$/, forbidden: /^$/ },
  { folder: 'services/full-otel/src/telemetry', own: /^@clew\/otel-/, forbidden: /^@clew\/(?!otel-)/ },
  { folder: 'services/prom-otel/src/telemetry', own: /^@clew\/otel-/, forbidden: /^@clew\/(?!otel-)/ },
];

for (const { folder, own, forbidden } of RULES) {
  test(`${folder}/src imports only what the layout allows`, () => {
    const base = folder.includes('/src') ? folder : `${folder}/src`;
    const files = sources(`${base}/**/*.ts`);
    assert.ok(files.length > 2, `no sources in ${base}`);
    for (const file of files) {
      for (const specifier of importsOf(read(file))) {
        const where = `${file} imports ${specifier}`;
        assert.doesNotMatch(specifier, forbidden, where);
        if (specifier.startsWith('@clew/')) assert.match(specifier, own, where);
        if (specifier.startsWith('.')) {
          assert.ok(normalize(join(dirname(file), specifier)).startsWith(`${base}/`), `${where}, outside ${base}`);
        }
      }
    }
  });
}

// The lesson of each service. Every other file of the two folders is the same.
const LESSON = ['env.ts', 'exemplars.ts', 'index.ts', 'metrics-listener.ts', 'metrics.ts'].concat([
  'sdk-metrics.ts',
  'sdk.ts',
  'shutdown.ts',
]);

test('the two services differ in their telemetry, their names and their ports, and in nothing else', () => {
  const [full, prom] = ['full-otel', 'prom-otel'].map((service) => {
    const files = sources(`services/${service}/src/**/*.ts`).map((file) => file.replace(`services/${service}/`, ''));
    return new Map(
      files
        .filter((file) => !LESSON.some((name) => file === `src/telemetry/${name}`))
        .map((file) => [file, read(`services/${service}/${file}`).replaceAll(service, 'SERVICE')]),
    );
  }) as [Map<string, string>, Map<string, string>];
  assert.ok(full.size > 5);
  assert.deepEqual([...full.keys()].sort(), [...prom.keys()].sort());
  for (const [file, text] of full)
    assert.equal(prom.get(file)?.replace(/\d{4}/g, 'PORT'), text.replace(/\d{4}/g, 'PORT'), file);
});

function importsOf(source: string): string[] {
  return [...source.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, specifier]) => String(specifier));
}
