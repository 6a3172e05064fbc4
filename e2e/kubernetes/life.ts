import assert from 'node:assert/strict';
import { type KubeObject, named } from '../../test/helm/support/objects.ts';
import type { Cluster, Kept } from './cluster.ts';
import { podsOf } from './pods.ts';
import type { Release } from './release.ts';

/**
 * Asserts that a server takes the objects of a release and its pods, and that Helm installs it, changes it, leaves it as
 * it is when nothing is changed, takes the change back, and leaves nothing behind.
 *
 * @param objects what is rendered for it
 * @param change a value with which some object is another one, as `--set-string` takes it
 */
export async function assertLives(cluster: Cluster, release: Release, objects: KubeObject[], change: string) {
  const { namespace } = release;
  const kept = () => keptOf(cluster, namespace);
  const empty = await cluster.objectsIn(namespace);
  // A pod's account has to be there first.
  for (const object of objects.filter(({ kind }) => kind !== 'Pod')) {
    assert.deepEqual(await cluster.tryApply(object, namespace), [], named(object));
  }
  await release.install();
  const installed = await kept();
  assert.deepEqual(installed.map(named).sort(), withoutHooks(objects).map(named).sort());
  for (const pod of podsOf(objects)) {
    assert.deepEqual(await cluster.create(pod, { namespace, dryRun: true }), [], named(pod));
  }

  await release.upgrade(change);
  const changed = await kept();
  assert.notDeepEqual(changed.map(essence), installed.map(essence));
  await release.upgrade(change);
  assert.deepEqual(await kept(), changed);
  await release.rollback(1);
  assert.deepEqual((await kept()).map(essence), installed.map(essence));

  await release.uninstall();
  assert.deepEqual(await kept(), []);
  assert.deepEqual(await cluster.objectsIn(namespace), empty);
}

/** The objects of releases in a namespace, those that are in none among them. */
export async function keptOf(cluster: Cluster, namespace: string): Promise<Kept[]> {
  const objects = [...(await cluster.objectsIn(namespace)), ...(await cluster.objectsIn())];
  return objects.filter(({ metadata }) => metadata.annotations?.['meta.helm.sh/release-namespace'] === namespace);
}

/** Those that an install makes. */
function withoutHooks(objects: KubeObject[]): KubeObject[] {
  return objects.filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'] === undefined);
}

/** Of a DaemonSet's changes. */
const COUNTER = 'deprecated.daemonset.template.generation';

/** What the chart says of an object, without what the server notes beside it. */
function essence({ metadata, ...rest }: Kept): unknown {
  const { name, namespace, labels, annotations: { [COUNTER]: _, ...annotations } = {} } = metadata;
  const text = JSON.stringify({ ...rest, metadata: { name, namespace, labels, annotations } });
  return JSON.parse(text.replaceAll(metadata.uid, 'UID'));
}
