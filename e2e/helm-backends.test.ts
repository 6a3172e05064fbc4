import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { parse } from 'yaml';
import { type Values, valueProblems } from '../test/helm/support/alloy/values.ts';
import { isObject } from '../test/helm/support/documented-values.ts';
import { environmentNames, type Release, releasesOf, variants } from '../test/helm/support/helmfile.ts';
import { readImages } from '../test/helm/support/images.ts';
import { named, selects, workloads } from '../test/helm/support/objects.ts';
import { podSecurityProblems } from '../test/helm/support/pod-security.ts';
import { PRIVILEGED, type Rendered, renderAll, UNKNOWN } from './helm/backends.ts';
import { limitsIn, limitsOf } from './helm/backends-memory.ts';
import { currentImages } from './helm/images.ts';
import { refused } from './helm/kubeconform.ts';
import { kubernetes, NEWEST } from './helm/schema-sources.ts';
import { needed } from './support/programs.ts';

const { leftOut, needAll } = needed('helm', 'kubeconform');

/** Below these, values are free: the chart hands them on, or gives them to a chart that it has inside. */
const FREE =
  /^(config\.data|grafana\.ini|kube-state-metrics|prometheus-node-exporter|s3\.credentials|image\.tag)\b|[sS]ecurityContext|extraArgs|resources/;
const GIBIBYTE = 2 ** 30;

describe('deploy/helm/backends', { skip: leftOut, concurrency: 2 }, () => {
  /** By environment, as far as there are charts. */
  const rendered = new Map<string, Rendered[]>();

  before(async () => {
    needAll();
    for (const { name, releases } of variants) rendered.set(name, await renderAll(releases, NEWEST));
  });

  it('is rendered as far as there are charts', (t) => {
    const all = [...rendered.values()].flat();
    const names = new Set(all.map(({ release }) => release.name));
    // What needs no repository of charts.
    for (const name of ['s3', 'mimir', 'mimir-distributed', 'minio', 'alloy', 'clew', 'httpbin', 'routes']) {
      assert.ok(names.has(name), name);
    }
    const missing = variants.flatMap(({ releases }) => releases).filter(({ name }) => !names.has(name));
    const charts = new Set(missing.map(({ chart, version }) => `${chart} ${version}`));
    if (charts.size > 0) t.diagnostic(`not rendered, for want of the charts: ${[...charts].join(', ')}`);
  });

  it('has values that the charts know', () => {
    const problems = [...rendered.values()].flat().flatMap(({ release, chart }) => {
      if (release.chart.startsWith('..')) return [];
      const defaults: Values = parse(readFileSync(join(chart.path, 'values.yaml'), 'utf8'), { merge: true });
      const unknown = valueProblems(release.values, defaults).filter((problem) => problem.includes('no such value'));
      const typos = unknown.filter((problem) => !FREE.test(problem) && !problem.startsWith('routes.'));
      return typos.map((problem) => `${release.name}: ${problem}`);
    });
    assert.deepEqual([...new Set(problems)], []);
  });

  for (const version of Object.keys(kubernetes)) {
    it(`is what Kubernetes ${version} takes, field by field`, async () => {
      const manifests = new Map<string, string>();
      for (const { name, releases } of variants) {
        const own = version === NEWEST ? (rendered.get(name) ?? []) : await renderAll(releases, version);
        // clew: e2e/helm.test.ts.
        for (const { release, objects } of own.filter((one) => !one.release.chart.startsWith('..'))) {
          const known = objects.filter(({ kind }) => !UNKNOWN.includes(kind));
          manifests.set(
            `${name}, ${release.name}`,
            known.map((object) => JSON.stringify(asTaken(object))).join('\n---\n'),
          );
        }
      }
      const { problems, valid } = refused(manifests, version);
      assert.deepEqual(problems, []);
      assert.ok(valid > 100);
    });
  }

  it('meets restricted Pod Security, but for those that look into the node', () => {
    for (const { release, objects } of [...rendered.values()].flat()) {
      const own = release.chart.startsWith('./');
      const problems = workloads(objects).flatMap(({ object, template }) =>
        podSecurityProblems(template.spec)
          .filter((problem) => own || !problem.startsWith('clew: '))
          .map((problem) => `${release.name}, ${named(object)}: ${problem}`),
      );
      if (PRIVILEGED.includes(release.name)) assert.ok(problems.length > 0, `${release.name} may be restricted`);
      else assert.deepEqual(problems, []);
    }
  });

  for (const environment of environmentNames) {
    it(`${environment}: routes lead to Services that there are`, () => {
      const own = rendered.get(environment) ?? [];
      const routes = own.filter(({ release }) => release.name === 'routes').flatMap(({ objects }) => objects);
      assert.ok(routes.length >= 3);
      for (const { metadata, spec } of routes) {
        for (const { name, port } of spec?.rules?.[0]?.backendRefs ?? []) {
          const services = own.filter(({ release }) => release.namespace === metadata.namespace);
          const found = services.flatMap(({ objects }) => objects).find((one) => named(one) === `Service/${name}`);
          if (found === undefined && name === 'grafana') continue; // Its chart may not be here.
          assert.ok(
            found?.spec?.ports?.some((one) => one.port === port),
            `${metadata.name}: no ${name}:${port}`,
          );
        }
      }
    });
  }

  it('makes each namespace before the objects in it, also without httpbin', async () => {
    const without = releasesOf('tiny', { httpbin: { enabled: false } });
    const all = [
      ...variants.map(({ name, releases }) => ({ releases, own: rendered.get(name) ?? [] })),
      { releases: without, own: await renderAll(without, NEWEST) },
    ];
    const elsewhere = new Set<string>();
    for (const { releases, own } of all) {
      for (const { release, objects } of own) {
        const there = ['kube-system', ...namespacesBefore(release, releases)];
        for (const object of objects) {
          const { namespace = release.namespace } = object.metadata;
          assert.ok(there.includes(namespace), `${release.name}: ${named(object)} is in ${namespace}`);
          if (namespace !== release.namespace) elsewhere.add(namespace);
        }
      }
    }
    for (const namespace of ['clew', 'clew-stage', 'clew-prod', 'httpbin']) assert.ok(elsewhere.has(namespace));
  });

  it('reaches whichever object storage runs by the Service s3', () => {
    const stores = [...rendered.values()]
      .flat()
      .filter(({ release }) => /^(rustfs|seaweedfs|minio)$/.test(release.name));
    const services = [...rendered.values()].flat().find(({ release }) => release.name === 's3')?.objects ?? [];
    const service = services.find(({ kind }) => kind === 'Service')?.spec;
    assert.ok(stores.length >= 3);
    for (const { release, objects } of stores) {
      const pods = workloads(objects).filter(({ template }) =>
        selects({ matchLabels: service?.selector as Record<string, string> }, template.metadata?.labels),
      );
      assert.equal(pods.length, 1, release.name);
      const ports = pods[0]?.template.spec.containers.flatMap((container) => container.ports ?? []) ?? [];
      assert.ok(
        ports.some(({ containerPort }) => containerPort === service?.ports?.[0]?.targetPort),
        release.name,
      );
    }
  });

  for (const name of ['tiny', 'tiny with seaweedfs', 'tiny with minio']) {
    it(`${name}: all containers together have a limit of 6 GiB`, () => {
      const own = rendered.get(name) ?? [];
      const releases = variants.find((variant) => variant.name === name)?.releases ?? [];
      const there = own.map(({ release }) => release.name);
      const limits = limitsOf(own.flatMap(({ objects }) => objects));
      const without = limits.filter(({ bytes }) => Number.isNaN(bytes)).map(({ container }) => container);
      assert.deepEqual(without, [], 'without a limit');
      const others = releases.filter((release) => !there.includes(release.name));
      const written = others.flatMap(({ values }) => limitsIn(values));
      const sum = [...limits.map(({ bytes }) => bytes), ...written].reduce((total, bytes) => total + bytes, 0);
      assert.ok(sum > 4 * GIBIBYTE && sum <= 6 * GIBIBYTE, `${(sum / GIBIBYTE).toFixed(2)} GiB`);
    });
  }

  it('names the images that images.txt has', async () => {
    const [now, kept] = [await currentImages(), readImages()];
    assert.deepEqual(Object.fromEntries(now), Object.fromEntries(kept), 'node clew.mjs e2e/helm/images-update.ts');
  });
});

/** The namespace of a release, and those of the releases that it waits for. */
function namespacesBefore({ namespace, needs }: Release, releases: Release[]): string[] {
  const before = releases.filter((one) => needs.includes(`${one.namespace}/${one.name}`));
  return [namespace, ...before.flatMap((one) => namespacesBefore(one, releases))];
}

/** As the API server takes it: without what is null, and with amounts as text. */
function asTaken(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => asTaken(item));
  if (isObject(value)) {
    const entries = Object.entries(value).filter(([, item]) => item !== null);
    return Object.fromEntries(entries.map(([name, item]) => [name, asTaken(item, name)]));
  }
  return key === 'cpu' ? String(value) : value;
}
