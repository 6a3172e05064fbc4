import { OTLP, POLICY } from './cases/case.ts';
import type { Case } from './cases.ts';

/** Values that cannot work, and what Helm has to say then. */
export interface Wrong extends Case {
  kubernetes?: string;
  says: string[];
}

const FAULTS = { faults: { adminTokenSecret: { name: 'faults' } } };
const SCRAPED = { scrape: { enabled: true } };

function service(name: string, values: object, ...says: string[]): Wrong {
  return { name, chart: 'service', values: { ...OTLP, ...values }, says };
}

export const wrong: Wrong[] = [
  { name: 'no endpoint', chart: 'service', says: ['global.otlp.endpoint', '--set global.otlp.endpoint=http://'] },
  {
    name: 'an endpoint for one signal of three',
    chart: 'service',
    values: { otlp: { traces: { endpoint: 'http://tempo:4317' } } },
    says: ['where metrics go', 'where logs go'],
  },
  {
    name: 'a log without an endpoint',
    chart: 'service',
    values: { ...SCRAPED, env: { LOG_OUTPUT: 'both' }, otlp: { traces: { endpoint: 'http://tempo:4317' } } },
    says: ['where logs go'],
  },
  { name: 'an old Kubernetes', chart: 'service', values: OTLP, kubernetes: '1.30.9', says: ['>=1.31'] },
  {
    name: 'a release that begins with a digit, before Kubernetes 1.36',
    chart: 'service',
    release: '2048',
    values: OTLP,
    kubernetes: '1.35.9',
    says: ['the release 2048', '2048-full-otel does not'],
  },
  service('an unknown key', { replica: 2 }, 'replica', 'not allowed'),
  service('an unknown key further down', { image: { tags: '1' } }, '/image', 'tags', 'not allowed'),
  service('a wrong type', { replicas: 'two' }, '/replicas', 'integer'),
  service('a tag that is a number', { image: { tag: 1.2 } }, '/image/tag', 'string'),
  service('an endpoint without a scheme', { otlp: { endpoint: 'alloy:4317' } }, '/otlp/endpoint', 'https?'),
  service('an unknown protocol', { otlp: { protocol: 'http/json' } }, '/otlp/protocol', 'http/protobuf'),
  service('a name that no label can have', { name: 'Full_OTel' }, '/name', 'a-z'),
  service('a list for the variables', { env: [{ name: 'LOG_LEVEL', value: 'debug' }] }, '/env', 'object'),
  service('a test with no time', { tests: { timeoutSeconds: 5 } }, '/tests/timeoutSeconds', '20'),
  service('a test of a path without a slash', { tests: { paths: ['ready'] } }, '/tests/paths', '^/'),
  service('a service that has the name of the tests', { name: 'helm-test' }, '/name'),
  service('a drain of minutes', { stop: { drainSeconds: 300 } }, '/stop/drainSeconds', '60'),
  service(
    'a scrape so seldom that exemplars age',
    { scrape: { intervalSeconds: 120 } },
    '/scrape/intervalSeconds',
    '60',
  ),
  service('a port of its own', { env: { PORT: 9000 } }, 'env.PORT', 'leave it out'),
  service('an endpoint as a variable', { env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x' } }, 'set otlp.endpoint'),
  service(
    'an endpoint of one signal as a variable',
    { env: { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://x' } },
    'set otlp.traces.endpoint',
  ),
  service('a peer as a variable', { env: { PEER_URL: 'http://x' } }, 'set peer.name or peer.url'),
  service('attributes as a variable', { env: { OTEL_RESOURCE_ATTRIBUTES: 'a=b' } }, 'set resourceAttributes'),
  service('a drain as a variable', { env: { DRAIN_DELAY: 1 } }, 'set stop.drainSeconds'),
  service('two peers', { peer: { name: 'prom-otel', url: 'http://x' } }, 'name or url, not both'),
  service('a secret without a key', { otlp: { headersSecret: { name: 'x' } } }, 'headersSecret.key'),
  service('a monitor of nothing', { serviceMonitor: { enabled: true } }, 'scrape.enabled=true'),
  service(
    'two monitors',
    { ...SCRAPED, serviceMonitor: { enabled: true }, podMonitor: { enabled: true } },
    'every sample comes twice',
  ),
  service('a scrape that takes too long', { scrape: { intervalSeconds: 5 } }, 'at most scrape.intervalSeconds'),
  service(
    'two autoscalers',
    { autoscaling: { enabled: true }, keda: { enabled: true, prometheusUrl: 'http://x' } },
    'HorizontalPodAutoscaler of its own',
  ),
  service('KEDA without a Prometheus', { keda: { enabled: true } }, 'keda.prometheusUrl'),
  service('more than the most', { autoscaling: { enabled: true, minReplicas: 9 } }, 'autoscaling.minReplicas'),
  service('an Ingress without a host', { ingress: { enabled: true } }, 'ingress.host'),
  service('an HTTPRoute without a gateway', { httpRoute: { enabled: true } }, 'httpRoute.parentRefs'),
  service(
    'an Ingress that reaches nothing',
    { ingress: { enabled: true, host: 'x.example.com' }, networkPolicy: { enabled: true } },
    'networkPolicy.httpFrom',
  ),
  service(
    'a monitor that reaches nothing',
    { ...SCRAPED, podMonitor: { enabled: true }, networkPolicy: { enabled: true } },
    'networkPolicy.metricsFrom',
  ),
  service(
    'all that is wrong, at once',
    { env: { PORT: 1 }, keda: { enabled: true }, ingress: { enabled: true } },
    'env.PORT',
    'keda.prometheusUrl',
    'ingress.host',
  ),
  {
    name: 'a key that no chart has',
    chart: 'clew',
    values: { ...OTLP, 'other-otel': {} },
    says: ['other-otel', 'not allowed'],
  },
  {
    name: 'a key that the service does not have',
    chart: 'clew',
    values: { ...OTLP, 'full-otel': { replica: 2 } },
    says: ['full-otel', 'replica'],
  },
  {
    name: 'two stores of traces',
    chart: 'clew',
    values: { ...OTLP, tests: { verify: { tempo: 'http://tempo:3200', jaeger: 'http://jaeger:16686' } } },
    says: ['tempo or jaeger, not both'],
  },
  {
    name: 'a store without a scheme',
    chart: 'clew',
    values: { ...OTLP, tests: { verify: { loki: 'loki:3100' } } },
    says: ['/tests/verify/loki', 'https?'],
  },
  {
    name: 'clew verify that reaches nothing',
    chart: 'clew',
    values: {
      ...OTLP,
      'full-otel': { ...POLICY, tests: { enabled: false } },
      tests: { verify: { loki: 'http://loki:3100' } },
    },
    says: ['full-otel.tests.enabled', 'set it to true'],
  },
  { name: 'nothing at all', chart: 'clew', says: ['global.otlp.endpoint'] },
  load('an unknown scenario', { scenario: 'bad-release' }, '/scenario', 'error-burst'),
  load('a fault without a token', { scenario: 'error-burst' }, 'faults.adminTokenSecret.name'),
  load('a flood without a yes', { ...FAULTS, scenario: 'log-flood' }, 'mayHurt=true'),
  load(
    'a leak that nobody sees',
    { ...FAULTS, scenario: 'memory-leak' },
    'metricsUrl',
    'http://clew-prom-otel:9464/metrics',
  ),
  load('a storm on one service', { ...FAULTS, scenario: 'retry-storm', targets: [{ name: 'x' }] }, 'takes two'),
  load('metrics to nowhere', { metrics: { enabled: true } }, 'global.otlp.endpoint'),
];

function load(name: string, values: object, ...says: string[]): Wrong {
  return { name, chart: 'load', values, says };
}
