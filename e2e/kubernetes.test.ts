import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { MONITORING, POLICY } from '../test/helm/support/cases/case.ts';
import { type Case, cases } from '../test/helm/support/cases.ts';
import { type KubeObject, named } from '../test/helm/support/objects.ts';
import { caseOf, objectsOf } from './helm/releases.ts';
import { type Cluster, type Kept, startCluster } from './kubernetes/cluster.ts';
import { assertLives, keptOf } from './kubernetes/life.ts';
import { podsOf } from './kubernetes/pods.ts';
import { refusals, withChange } from './kubernetes/refusals.ts';
import { releaseOf } from './kubernetes/release.ts';
import { selectedBy } from './kubernetes/selected.ts';
import { needed } from './support/programs.ts';

const { leftOut, needAll } = needed('helm', 'etcd', 'kube-apiserver');

describe('a real API server', { skip: leftOut }, () => {
  let cluster: Cluster;

  before(async () => {
    needAll();
    cluster = await startCluster();
    // A case has it.
    const priority = { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'low' }, value: 1 };
    await cluster.create(priority, { namespace: '' });
  });
  after(() => cluster?.[Symbol.asyncDispose]());

  describe('with the policy restricted', { concurrency: 2 }, () => {
    for (const [index, one] of cases.entries()) {
      const namespace = one.namespace ?? `shop-${index}`;
      it(`takes ${one.chart}, ${one.name}, and lets it go`, async () => {
        await cluster.makeNamespace(namespace);
        const placed = { ...one, namespace };
        const charts = one.chart === 'clew' ? ['full-otel.', 'prom-otel.'] : [''];
        const change = charts.map((chart) => `${chart}podAnnotations.changed=yes`).join();
        await assertLives(cluster, releaseOf(placed, cluster), await objectsOf(placed), change);
      });
    }
  });

  it('keeps releases of the same names apart', async () => {
    const metricsFrom = MONITORING;
    const values = { 'full-otel': POLICY, 'prom-otel': { networkPolicy: { enabled: true, metricsFrom } } };
    const stage = { ...caseOf('clew', 'stage'), namespace: 'shop-stage', values };
    const prod = { ...caseOf('clew', 'prod'), namespace: 'shop-prod', values };
    const ones = [stage, prod, { ...prod, release: 'second' }];
    for (const { namespace } of [stage, prod]) await cluster.makeNamespace(namespace);
    const [first, , second] = ones.map((one) => releaseOf(one, cluster));
    const pods = new Map<string, string>();
    for (const one of ones) {
      await releaseOf(one, cluster).install();
      for (const pod of podsOf(await objectsOf(one))) {
        await cluster.create(pod, one);
        pods.set(keyOf(one, pod), pod.metadata.name);
      }
    }
    assert.ok(pods.size >= 2 * ones.length);

    for (const one of ones) {
      let checked = 0;
      for (const object of await objectsOf(one)) {
        const { kind, labels } = selectedBy(object) ?? {};
        if (kind === undefined || labels === undefined) continue;
        const own = kind === 'Pod' ? pods.get(keyOf(one, object)) : object.metadata.name;
        assert.deepEqual(await cluster.select(kind, labels, one.namespace), [own], named(object));
        if (object.kind === 'PodLogs') {
          const { matchLabels = {} } = object.spec?.namespaceSelector ?? {};
          assert.deepEqual(await cluster.select('Namespace', matchLabels), [one.namespace]);
        }
        checked += 1;
      }
      assert.ok(checked >= 2 * 4);
    }

    const inProd = await keptOf(cluster, prod.namespace);
    assert.ok(inProd.every(({ metadata }) => metadata.namespace === prod.namespace));
    await first?.uninstall();
    assert.deepEqual(await keptOf(cluster, stage.namespace), []);
    assert.deepEqual(await keptOf(cluster, prod.namespace), inProd);
    await second?.uninstall();
    const isOfClew = ({ metadata }: Kept) => metadata.annotations?.['meta.helm.sh/release-name'] === 'clew';
    assert.deepEqual(await keptOf(cluster, prod.namespace), inProd.filter(isOfClew));
  });

  describe('refuses, of a release that it takes', () => {
    const one = { ...caseOf('service', 'everything'), namespace: 'refusals' };
    let objects: KubeObject[] = [];

    before(async () => {
      await cluster.makeNamespace(one.namespace);
      await releaseOf(one, cluster).install();
      objects = await objectsOf(one);
    });

    for (const refusal of refusals) {
      it(refusal.name, async () => {
        const object = [...podsOf(objects), ...objects].find(({ kind }) => kind === refusal.kind);
        assert.ok(object);
        const send = (what: KubeObject) =>
          what.kind === 'Pod' ? cluster.create(what, { ...one, dryRun: true }) : cluster.tryApply(what, one.namespace);
        await send(object);
        const answer = await send(withChange(object, refusal)).catch(String);
        for (const part of refusal.says) assert.ok(String(answer).includes(part), `${part} is not in ${answer}`);
      });
    }

    it('by Helm, an object with a field that there is not', async () => {
      const metadata = { name: 'more' };
      const values = { ...one.values, extraObjects: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata, dada: {} }] };
      await assert.rejects(releaseOf({ ...one, values }, cluster).upgrade(), /dada: field not declared in schema/);
    });
  });
});

/** What its pods have in common with an object, and with no others. */
function keyOf({ namespace = '' }: Case, { metadata: { labels = {} } }: KubeObject): string {
  return [namespace, ...['instance', 'name', 'component'].map((part) => labels[`app.kubernetes.io/${part}`])].join('/');
}
