import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type AlloyRelease, FOLDER, releases } from '../test/helm/support/alloy/releases.ts';
import { BACKENDS, type Release as Backend, variants } from '../test/helm/support/helmfile.ts';
import { type KubeObject, named } from '../test/helm/support/objects.ts';
import { chart, renderAlloy } from './helm/alloy-chart.ts';
import { PRIVILEGED, renderAll, UNKNOWN } from './helm/backends.ts';
import { objectsIn } from './helm/render.ts';
import { NEWEST } from './helm/schema-sources.ts';
import { type Cluster, startCluster } from './kubernetes/cluster.ts';
import { assertLives } from './kubernetes/life.ts';
import { podsOf } from './kubernetes/pods.ts';
import { createRelease } from './kubernetes/release.ts';
import { needed } from './support/programs.ts';

const { leftOut, needAll } = needed('helm', 'etcd', 'kube-apiserver');

describe('a real API server, of what is beside clew,', { skip: leftOut }, () => {
  let cluster: Cluster;

  before(async () => {
    needAll();
    cluster = await startCluster();
  });
  after(() => cluster?.[Symbol.asyncDispose]());

  for (const one of releases) {
    it(`takes Alloy, ${one.role}, and lets it go`, async () => {
      const namespace = `alloy-${one.role}`;
      const level = PRIVILEGED.includes(one.name) ? 'privileged' : 'restricted';
      await cluster.makeNamespace(namespace, level);
      const objects = await objectsIn(renderAlloy(one, NEWEST, { namespace }));
      await assertLives(cluster, releaseOfAlloy(one, namespace), objects, 'controller.podAnnotations.changed=yes');
      if (level === 'privileged') assert.ok((await refusedPods(`${namespace}-restricted`, objects)).length > 0);
    });
  }

  for (const [index, { variant, release }] of backends().entries()) {
    it(`takes ${release.name}, ${variant}`, async (t) => {
      const [rendered] = await renderAll([release], NEWEST);
      if (rendered === undefined) return t.skip(`no ${release.chart} ${release.version}`);
      const { objects } = rendered;
      await makeNamespacesOf(objects, release.namespace);
      for (const object of objects.filter(({ kind }) => !UNKNOWN.includes(kind))) {
        const { namespace = release.namespace } = object.metadata;
        assert.deepEqual(await cluster.tryApply(object, namespace), [], named(object));
      }
      const problems = await refusedPods(`backend-${index}`, objects);
      if (!PRIVILEGED.includes(release.name)) return assert.deepEqual(problems, []);
      assert.ok(problems.length > 0, 'it may be in a restricted namespace');
      assert.deepEqual(await refusedPods(`backend-${index}-privileged`, objects, 'privileged'), []);
    });
  }

  describe('the keys of the object storage', () => {
    const namespace = 'keys';

    it('stay with the data: through an upgrade, an uninstall, and another install', async () => {
      await cluster.makeNamespace(namespace);
      const release = createRelease({ name: 's3', namespace, chart: join(BACKENDS, 'charts/s3') }, cluster);
      await release.install();
      const first = await keys();
      assert.match(first, /"AWS_ACCESS_KEY_ID":"\w{20,}=*"/);
      // With another list of buckets it has another Job: one cannot be changed.
      await release.upgrade('buckets[0]=another');
      assert.equal(await keys(), first);
      await release.uninstall();
      assert.equal(await keys(), first);
      await release.install();
      assert.equal(await keys(), first);
    });

    it('are one pair, by the names that each store asks for', async () => {
      const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: key, ...others } = JSON.parse(await keys());
      assert.deepEqual(others, { RUSTFS_ACCESS_KEY: id, RUSTFS_SECRET_KEY: key, rootUser: id, rootPassword: key });
      assert.notEqual(id, key);
    });

    async function keys(): Promise<string> {
      const objects = await cluster.objectsIn(namespace);
      return JSON.stringify(objects.find(({ kind, metadata }) => kind === 'Secret' && metadata.name === 's3')?.data);
    }
  });

  /** As the README installs it. */
  function releaseOfAlloy({ name, role, valuesFiles }: AlloyRelease, namespace: string) {
    const files = valuesFiles.flatMap((file) => ['-f', join(FOLDER, file)]);
    const configuration = `alloy.configMap.content=${join(FOLDER, 'config', `${role}.alloy`)}`;
    return createRelease({ name, namespace, chart: chart(), flags: [...files, '--set-file', configuration] }, cluster);
  }

  const made = new Set(['kube-system']);
  async function makeNamespacesOf(objects: KubeObject[], own: string) {
    for (const namespace of new Set([own, ...objects.flatMap(({ metadata }) => metadata.namespace ?? [])])) {
      if (!made.has(namespace)) await cluster.makeNamespace(namespace, 'privileged');
      made.add(namespace);
    }
  }

  /** What the server says against the pods of a release in a new namespace that has their accounts. */
  async function refusedPods(
    namespace: string,
    objects: KubeObject[],
    level: 'restricted' | 'privileged' = 'restricted',
  ): Promise<string[]> {
    await cluster.makeNamespace(namespace, level);
    for (const account of objects.filter(
      ({ kind, metadata }) => kind === 'ServiceAccount' && metadata.name !== 'default',
    )) {
      await cluster.create(anywhere(account), { namespace });
    }
    const pods = podsOf(objects).map(anywhere);
    const answers = pods.map((pod) => cluster.create(pod, { namespace, dryRun: true }).catch((error) => [`${error}`]));
    return (await Promise.all(answers)).flat();
  }
});

function anywhere(object: KubeObject): KubeObject {
  const { namespace: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** The releases of every environment, each with its values once, and where it is first. */
function backends(): { variant: string; release: Backend }[] {
  const seen = new Map<string, { variant: string; release: Backend }>();
  for (const { name: variant, releases } of variants) {
    // clew itself: kubernetes.test.ts.
    for (const release of releases.filter(({ chart }) => !chart.startsWith('..'))) {
      const key = JSON.stringify(release);
      if (!seen.has(key)) seen.set(key, { variant, release });
    }
  }
  return [...seen.values()];
}
