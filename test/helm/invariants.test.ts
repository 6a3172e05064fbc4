import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { HELM } from './support/charts.ts';
import { broken, invariants } from './support/invariants.ts';
import { type Container, type KubeObject, type PodTemplate, readObjects, workloads } from './support/objects.ts';

const NAMESPACE = 'shop';

/** The example with everything switched on, which each of these breaks in one place. */
function everything(): KubeObject[] {
  return readObjects(readFileSync(join(HELM, 'examples', 'everything.yaml'), 'utf8'));
}

type Break = (of: {
  objects: KubeObject[];
  find: (kind: string) => KubeObject;
  pod: PodTemplate;
  container: Container;
  env: NonNullable<Container['env']>;
}) => void;

const breaks: Record<string, Record<string, Break>> = {
  'no variable twice': {
    'a variable of a name that is there': ({ env }) => env.push({ name: 'DRAIN_DELAY', value: '1' }),
  },
  'variables before those that mention them': {
    'the last one first': ({ env }) => env.reverse(),
    'a variable that is not there': ({ env }) => env.push({ name: 'X', value: '$(NOT_THERE)' }),
  },
  'OTEL_RESOURCE_ATTRIBUTES can be parsed': {
    'a space': ({ env }) => env.push({ ...env.pop(), name: 'OTEL_RESOURCE_ATTRIBUTES', value: 'team=of two,a=b' }),
    'no value': ({ env }) => env.push({ ...env.pop(), name: 'OTEL_RESOURCE_ATTRIBUTES', value: 'team,a=b' }),
  },
  'strangers are not trusted': {
    'trust beside an Ingress': ({ env }) => set(env, 'TRUST_INBOUND_TRACE', 'true'),
  },
  'selectors select': {
    'a Service of other pods': ({ find }) => Object.assign(find('Service').spec ?? {}, { selector: { app: 'x' } }),
    'a monitor of another Service': ({ find }) => select(find('ServiceMonitor'), { app: 'x' }),
    'PodLogs of other pods': ({ find }) => select(find('PodLogs'), { app: 'x' }),
    'a budget of other pods': ({ find }) => select(find('PodDisruptionBudget'), { app: 'x' }),
    'a policy of all pods that are left': ({ find }) =>
      Object.assign(find('NetworkPolicy').spec ?? {}, { podSelector: { matchLabels: { app: 'x' } } }),
    'a selector that two workloads meet': ({ objects, find }) =>
      objects.push({ ...find('Deployment'), metadata: { name: 'other', namespace: NAMESPACE } }),
    'pods spread over others': ({ pod }) =>
      Object.assign(pod.spec, { topologySpreadConstraints: [{ labelSelector: { matchLabels: { app: 'x' } } }] }),
  },
  'a Deployment selects its own pods': {
    'another selector': ({ find }) => select(find('Deployment'), { app: 'x' }),
  },
  'ports exist': {
    'a target port that no container has': ({ find }) =>
      find('Service').spec?.ports?.push({ name: 'x', port: 1, targetPort: 'x' }),
    'a probe of a port that is not there': ({ container }) =>
      Object.assign(container, { livenessProbe: { httpGet: { port: 'x' } } }),
  },
  'monitors ask ports that exist': {
    'a ServiceMonitor': ({ find }) => find('ServiceMonitor').spec?.endpoints?.push({ port: 'metrics' }),
    'a PodMonitor': ({ find }) =>
      Object.assign(find('ServiceMonitor').spec ?? {}, { podMetricsEndpoints: [{ port: 'metrics' }] }),
  },
  'routes lead to ports of Services': {
    'an Ingress to another Service': ({ find }) => rename(find('Service'), 'other'),
    'an HTTPRoute to another port': ({ find }) =>
      Object.assign(find('HTTPRoute').spec ?? {}, { rules: [{ backendRefs: [{ name: 'prom-otel', port: 80 }] }] }),
  },
  'URLs of the release lead to its Services': {
    'a peer that is not there': ({ env }) => env.push({ name: 'PEER_URL', value: 'http://clew-full-otel:8080' }),
    'a target that is not there': ({ env }) => env.push({ name: 'TARGETS', value: 'a=http://prom-otel:80' }),
    'a test of another service': ({ find }) =>
      set(find('Pod').spec?.containers?.[0]?.env ?? [], 'SERVICE_URL', 'http://other:8080'),
  },
  'policies let out what asks a URL': {
    'a test that may not ask for metrics': ({ objects }) => {
      const ofTests = objects.findLast(({ kind }) => kind === 'NetworkPolicy');
      ofTests?.spec?.egress?.splice(1, 1);
    },
    'a metrics page on another port': ({ env }) =>
      env.push({ name: 'METRICS_URL', value: 'http://x.shop:9464/metrics' }),
    'a peer on the port of its scheme': ({ env }) => env.push({ name: 'PEER_URL', value: 'https://x.example.com' }),
    'a policy that lets nothing out but DNS': ({ find, env }) => {
      const { spec = {} } = find('NetworkPolicy');
      spec.egress = spec.egress?.slice(0, 1) ?? [];
      env.push({ name: 'TARGETS', value: 'a=http://x.shop:4317' });
    },
  },
  'what is referred to exists': {
    'no service account': ({ find }) => rename(find('ServiceAccount'), 'other'),
    'an autoscaler of nothing': ({ find }) =>
      Object.assign(find('HorizontalPodAutoscaler').spec ?? {}, { scaleTargetRef: { name: 'other' } }),
  },
  'one object of a name': {
    'the same object twice': ({ objects, find }) => objects.push(find('Service')),
  },
  'names and labels that Kubernetes takes': {
    'a name over 63 characters': ({ find }) => rename(find('PodLogs'), 'x'.repeat(64)),
    'a name with a dot at its end': ({ find }) => rename(find('PodLogs'), 'x.'),
    'a label over 63 characters': ({ find }) =>
      Object.assign(find('Service').metadata.labels ?? {}, { x: 'x'.repeat(64) }),
    'a label of a pod with a space': ({ pod }) => Object.assign(pod.metadata?.labels ?? {}, { x: 'a b' }),
    'a label that is a number': ({ find }) => Object.assign(find('Service').metadata.labels ?? {}, { x: 1 }),
  },
  'everything in the namespace of the release': {
    'another namespace': ({ find }) => Object.assign(find('PrometheusRule').metadata, { namespace: 'monitoring' }),
  },
  'one name for service, container and label': {
    'another container': ({ container }) => Object.assign(container, { name: 'app' }),
    'another service': ({ env }) => set(env, 'OTEL_SERVICE_NAME', 'other'),
  },
  'images are pinned': {
    'the latest': ({ container }) => Object.assign(container, { image: 'clew/prom-otel:latest' }),
    'no tag': ({ container }) => Object.assign(container, { image: 'registry.example.com:5000/clew/prom-otel' }),
  },
  'restricted Pod Security': {
    'a test that may become root': ({ find }) =>
      Object.assign(find('Pod').spec?.containers?.[0]?.securityContext ?? {}, { allowPrivilegeEscalation: true }),
    'a root file system to write to': ({ container }) =>
      Object.assign(container.securityContext ?? {}, { readOnlyRootFilesystem: false }),
  },
  'tests can be run again': {
    'a test that stays': ({ find }) => delete find('Pod').metadata.annotations?.['helm.sh/hook-delete-policy'],
    'a policy that comes in no order': ({ objects }) => {
      const ofTests = objects.findLast(({ kind }) => kind === 'NetworkPolicy');
      delete ofTests?.metadata.annotations?.['helm.sh/hook-weight'];
    },
  },
  'tests end': {
    'a pod that is started again': ({ find }) => Object.assign(find('Pod').spec ?? {}, { restartPolicy: 'Always' }),
    'a pod without a deadline': ({ find }) => delete find('Pod').spec?.activeDeadlineSeconds,
  },
  'tests send as their service does': {
    'another endpoint': ({ find }) =>
      set(find('Pod').spec?.containers?.[0]?.env ?? [], 'OTEL_EXPORTER_OTLP_ENDPOINT', 'http://other:4317'),
    'headers that only the service has': ({ env }) =>
      env.push({ name: 'OTEL_EXPORTER_OTLP_HEADERS', valueFrom: { secretKeyRef: { name: 'otlp', key: 'headers' } } }),
  },
  'ConfigMaps are there before the pods': {
    'no scripts': ({ find }) => rename(find('ConfigMap'), 'other'),
    'scripts that come later': ({ find }) =>
      Object.assign(find('ConfigMap').metadata.annotations ?? {}, { 'helm.sh/hook-weight': '1' }),
  },
  'time enough to stop': {
    'the 30 s of Kubernetes': ({ pod }) => Object.assign(pod.spec, { terminationGracePeriodSeconds: 30 }),
    'a preStop hook': ({ container }) =>
      Object.assign(container, { lifecycle: { preStop: { sleep: { seconds: 5 } } } }),
  },
};

it('the example holds together', () => assert.deepEqual(broken(everything(), NAMESPACE), []));

it('each invariant is seen to fail', () => {
  assert.deepEqual(Object.keys(breaks).sort(), Object.keys(invariants).sort());
});

for (const [invariant, ways] of Object.entries(breaks)) {
  describe(invariant, () => {
    for (const [name, breakIt] of Object.entries(ways)) {
      it(`is broken by ${name}`, () => {
        const objects = everything();
        const find = (kind: string): KubeObject => {
          const found = objects.find((object) => object.kind === kind);
          assert.ok(found, `no ${kind}`);
          return found;
        };
        const [{ template: pod } = assert.fail('no pods')] = workloads(objects);
        const [container = assert.fail('no container')] = pod.spec.containers;
        breakIt({ objects, find, pod, container, env: container.env ?? [] });
        const problems = broken(objects, NAMESPACE);
        assert.ok(
          problems.some((problem) => problem.startsWith(`${invariant}: `)),
          problems.join('\n') || 'nothing is said to be broken',
        );
      });
    }
  });
}

function set(env: NonNullable<Container['env']>, name: string, value: string): void {
  Object.assign(env.find((one) => one.name === name) ?? assert.fail(`no ${name}`), { value });
}

function select(object: KubeObject, matchLabels: Record<string, string>): void {
  Object.assign(object.spec ?? {}, { selector: { matchLabels } });
}

function rename(object: KubeObject, name: string): void {
  object.metadata.name = name;
}
