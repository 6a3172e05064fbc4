import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { configSchema } from '../packages/service/src/index.ts';
import { standardVariables } from '../test/docs/standard-variables.ts';
import { serverSpansOf } from '../test/harness/read.ts';
import { startRun } from '../test/harness/run.ts';
import { services } from '../test/harness/services.ts';
import { waitFor } from '../test/harness/wait-for.ts';
import { cases } from '../test/helm/support/cases.ts';
import { type KubeObject, workloads } from '../test/helm/support/objects.ts';
import { caseOf, objectsOf } from './helm/releases.ts';
import { needed } from './support/programs.ts';

const { leftOut, needAll } = needed('helm', 'kubeconform', 'promtool');

/** What the downward API says in these tests. */
const POD: Record<string, string> = { K8S_POD_NAME: 'clew-abc-1', K8S_POD_UID: 'f00d', K8S_NODE_NAME: 'node-1' };
/** Of the harness: free ports, a quick stop, its own backend. */
const OF_THE_HARNESS = /^(OTEL_EXPORTER_.*|DRAIN_DELAY|METRICS_LINGER|PEER_URL)$/;

describe('a service with the variables of the chart', { skip: leftOut }, () => {
  before(needAll);

  it('is given settings that there are', async () => {
    const known = [...Object.keys(configSchema.properties), ...standardVariables, ...Object.keys(POD), 'TOKEN'];
    for (const one of cases.filter(({ chart }) => chart === 'service')) {
      const names = [...variablesOf(await objectsOf(one)).keys()];
      assert.ok(names.length > 5);
      assert.deepEqual(
        names.filter((name) => !known.includes(name)),
        [],
        one.name,
      );
    }
  });

  for (const under of services) {
    it(`${under.name} starts, and its resource is what the chart says`, async () => {
      const one = caseOf('service', 'attributes of any kind');
      const objects = await objectsOf({ ...one, values: { ...one.values, name: under.name } });
      const env = [...variablesOf(objects)].filter(([name]) => !OF_THE_HARNESS.test(name));
      await using run = await startRun(under, { ...Object.fromEntries(env), OTEL_METRIC_EXPORT_INTERVAL: '500' });
      // On a busy machine it may shed the first ones.
      await waitFor(async () => (await fetch(`${run.service.url}/api/users/7`)).ok, 'an answer');
      assert.equal(await run.service.stop(), 0, run.service.lastLines().join('\n'));
      const [span] = serverSpansOf(run.backend, under.name);
      const { 'host.name': _, 'host.id': __, 'host.arch': ___, ...resource } = span?.resource ?? {};
      const own = Object.fromEntries(Object.entries(resource).filter(([name]) => !name.startsWith('telemetry.')));
      assert.deepEqual(own, {
        'service.name': under.name,
        'service.namespace': 'shop',
        'service.version': '0.1.0',
        'service.instance.id': `shop.clew-abc-1.${under.name}`,
        'deployment.environment.name': 'development',
        'k8s.namespace.name': 'shop',
        'k8s.deployment.name': `clew-${under.name}`,
        'k8s.container.name': under.name,
        'k8s.pod.name': 'clew-abc-1',
        'k8s.pod.uid': 'f00d',
        'k8s.node.name': 'node-1',
        team: 'Büro, 2. Stock = "ganz" oben $(HOME) 100 %+',
        'cost.center': '4711000000',
      });
    });
  }
});

/** Variables of the first container, as the kubelet would set them. */
function variablesOf(objects: KubeObject[]): Map<string, string> {
  const variables = new Map<string, string>();
  for (const { name, value } of workloads(objects)[0]?.template.spec.containers[0]?.env ?? []) {
    const expanded = value?.replaceAll(/\$\((\w+)\)/g, (whole, other) => variables.get(other) ?? whole);
    variables.set(name, expanded ?? POD[name] ?? '');
  }
  return variables;
}
