import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { OTLP, POLICY } from '../test/helm/support/cases/case.ts';
import { HELM } from '../test/helm/support/charts.ts';
import { type KubeObject, named } from '../test/helm/support/objects.ts';
import { helm } from './helm/render.ts';
import { type ApiServer, startApiServer } from './kubernetes/api-server.ts';
import { needed } from './support/programs.ts';

const { leftOut, needAll } = needed('helm', 'etcd', 'kube-apiserver');

const NAMESPACE = 'shop';
const PODS = `/api/v1/namespaces/${NAMESPACE}/pods`;
const CONFIG_MAPS = `/api/v1/namespaces/${NAMESPACE}/configmaps`;
const POLICIES = `/apis/networking.k8s.io/v1/namespaces/${NAMESPACE}/networkpolicies`;
const OF_TESTS = 'labelSelector=app.kubernetes.io/name%3Dhelm-test';
interface Found extends KubeObject {
  status?: { phase: string };
}

const ONE = {
  name: 'tests',
  chart: 'clew',
  values: { ...OTLP, 'full-otel': POLICY, tests: { verify: { loki: 'http://loki:3100' } } },
};

// `helm test` of the real Helm against a real API server. Nothing runs there: this test says how a pod has ended.

describe('helm test', { skip: leftOut, timeout: 120_000 }, () => {
  let server: ApiServer;
  /** Names of the pods that fail from now on. */
  let failing: string[] = [];
  let running = true;
  let kubelet = Promise.resolve();

  before(async () => {
    needAll();
    server = await startApiServer();
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE, labels } };
    await server.client.ask('/api/v1/namespaces', { method: 'POST', body: namespace });
    kubelet = endPods();
    const { code, stderr } = await helm(['install', 'clew', join(HELM, 'clew'), '-n', NAMESPACE], ONE, server.env);
    assert.equal(code, 0, stderr);
  });
  after(async () => {
    running = false;
    await kubelet;
    await server?.[Symbol.asyncDispose]();
  });

  it('runs the tests of both services and clew verify, and leaves nothing', async () => {
    assert.deepEqual(await ofTests(), []);
    const { code, stdout, stderr } = await test();
    assert.equal(code, 0, stderr);
    assert.equal(stdout.match(/^Phase: +Succeeded$/gm)?.length, 8, stdout);
    assert.deepEqual(await ofTests(), []);
  });

  it('fails with the first that fails, which stays until it is run again', async () => {
    failing = ['clew-full-otel-test'];
    const { code, stderr } = await test();
    assert.notEqual(code, 0);
    assert.match(stderr, /clew-full-otel-test/);
    assert.deepEqual(await ofTests(), ['Pod/clew-full-otel-test']);
    failing = [];
    assert.equal((await test()).code, 0);
    assert.deepEqual(await ofTests(), []);
  });

  it('leaves what has failed even when the release is gone', async () => {
    failing = ['clew-prom-otel-test'];
    assert.notEqual((await test()).code, 0);
    const { code, stderr } = await helm(['uninstall', 'clew', '-n', NAMESPACE], undefined, server.env);
    assert.equal(code, 0, stderr);
    assert.deepEqual(await ofTests(), ['Pod/clew-prom-otel-test']);
  });

  const test = () => helm(['test', 'clew', '-n', NAMESPACE, '--timeout', '30s'], undefined, server.env);

  async function ofTests(): Promise<string[]> {
    const found = await Promise.all(
      Object.entries({ ConfigMap: CONFIG_MAPS, NetworkPolicy: POLICIES, Pod: PODS }).map(async ([kind, path]) =>
        (await list(path)).map((object) => named({ ...object, kind })),
      ),
    );
    return found.flat();
  }

  async function list(path: string): Promise<Found[]> {
    const { body } = await server.client.ask(`${path}?${OF_TESTS}`);
    return (body as { items: Found[] }).items; // what every list has
  }

  async function endPods(): Promise<void> {
    while (running) {
      for (const { metadata, status } of await list(PODS)) {
        if (status?.phase !== 'Pending') continue;
        const phase = failing.includes(metadata.name) ? 'Failed' : 'Succeeded';
        const path = `${PODS}/${metadata.name}/status`;
        await server.client.ask(path, {
          method: 'PATCH',
          type: 'application/merge-patch+json',
          body: { status: { phase } },
        });
      }
      await delay(50);
    }
  }
});
