import { type Case, GATEWAY, LONG, MONITORING, OTLP, SCRAPED } from './case.ts';

/** Every switch of the service chart by itself. */
const SWITCHES: Record<string, object> = {
  'nothing but an endpoint': {},
  'a digest, a registry and secrets for it': {
    global: { imageRegistry: 'registry.example.com:5000', imagePullSecrets: [{ name: 'shared' }] },
    image: { repository: 'shop/full-otel', digest: `sha256:${'0'.repeat(64)}` },
    imagePullSecrets: [{ name: 'own' }],
  },
  // What is left of it as a label would end with a dash.
  'a tag that no label can have': { image: { tag: `1.2.3-${'x'.repeat(56)}-${'x'.repeat(40)}` } },
  'a peer of the release': { peer: { name: 'full-otel' }, fullnameOverride: 'clew-full-otel' },
  'a peer elsewhere': { peer: { url: 'https://prom-otel.example.com' }, networkPolicy: { enabled: true } },
  'own variables': {
    env: {
      LOG_LEVEL: 'debug',
      TRUST_INBOUND_TRACE: false,
      SEED: 4294967295,
      PEER_RETRY_BUDGET: 0.5,
      TOKEN: { valueFrom: { secretKeyRef: { name: 'x', key: 'y' } } },
    },
    envFrom: [{ secretRef: { name: 'more' } }],
  },
  'attributes of any kind': {
    resourceAttributes: { team: 'Büro, 2. Stock = "ganz" oben $(HOME) 100 %+', 'cost.center': 4711000000 },
  },
  'own destinations of each signal': {
    otlp: {
      protocol: 'http/protobuf',
      headersSecret: { name: 'otlp', key: 'headers' },
      traces: { endpoint: 'https://tempo.example.com/v1/traces' },
      metrics: { endpoint: 'https://mimir.example.com/otlp/v1/metrics' },
      logs: { endpoint: 'http://loki:3100/otlp/v1/logs', headersSecret: { name: 'loki', key: 'headers' } },
    },
    networkPolicy: { enabled: true },
  },
  'a token for faults': { faults: { adminTokenSecret: { name: 'faults' } } },
  'a scrape': SCRAPED,
  'a ServiceMonitor': { ...SCRAPED, serviceMonitor: { enabled: true, additionalLabels: { release: 'stack' } } },
  'a PodMonitor': { ...SCRAPED, podMonitor: { enabled: true, additionalLabels: { release: 'stack' } } },
  'a scrape every minute, and a slow balancer': {
    scrape: { enabled: true, intervalSeconds: 60, timeoutSeconds: 60 },
    stop: { drainSeconds: 60 },
  },
  PodLogs: { podLogs: { enabled: true } },
  'a PrometheusRule': { prometheusRule: { enabled: true, additionalLabels: { tenant: 'stage', type: 'metrics' } } },
  'alerts without a severity': {
    prometheusRule: { enabled: true, alertLabels: { severity: null }, exceptRoutes: '/api/v\\d+/"slow"' },
    logRules: { enabled: true, alertLabels: { severity: null, team: 'shop' } },
  },
  'log rules': { logRules: { enabled: true, additionalLabels: { tenant: 'stage', type: 'logs' } } },
  'a HorizontalPodAutoscaler': { autoscaling: { enabled: true } },
  'a ScaledObject': {
    keda: { enabled: true, prometheusUrl: 'http://mimir.monitoring:9009/prometheus', tenant: 'stage' },
  },
  'a PodDisruptionBudget': { pdb: { enabled: true, maxUnavailable: '25%' } },
  'a NetworkPolicy': { networkPolicy: { enabled: true } },
  'no tests behind a NetworkPolicy': { tests: { enabled: false }, networkPolicy: { enabled: true } },
  'tests for Argo CD': { tests: { annotations: { 'argocd.argoproj.io/hook': 'PostSync' }, paths: ['/'] } },
  'nothing that is sent': { env: { OTEL_SDK_DISABLED: true } },
  'a NetworkPolicy that lets in': {
    ...SCRAPED,
    serviceMonitor: { enabled: true },
    networkPolicy: {
      enabled: true,
      callers: ['full-otel', 'load'],
      metricsFrom: MONITORING,
      otlpTo: MONITORING,
      otlpPort: 14317,
      egress: [{ to: [{ ipBlock: { cidr: '192.0.2.0/24' } }] }],
    },
  },
  'an Ingress': { ingress: { enabled: true, host: 'clew.example.com', className: 'traefik', tlsSecret: 'clew-tls' } },
  'an HTTPRoute': { httpRoute: { enabled: true, parentRefs: [{ name: 'traefik', namespace: 'traefik' }] } },
  'topology spread': { topologySpread: { enabled: true, whenUnsatisfiable: 'DoNotSchedule' } },
  'no service account': { serviceAccount: { create: false } },
  'a service account of somebody else': { serviceAccount: { create: false, name: 'default' } },
  'labels, annotations and a place': {
    labels: { team: 'shop' },
    podLabels: { sidecar: 'no', 'app.kubernetes.io/name': 'of-no-use' },
    podAnnotations: { 'example.com/note': 'yes' },
    nodeSelector: { 'kubernetes.io/arch': 'arm64' },
    tolerations: [{ operator: 'Exists' }],
    affinity: { podAntiAffinity: {} },
    priorityClassName: 'low',
    service: { type: 'NodePort', annotations: { 'example.com/note': 'yes' } },
    strategy: { type: 'Recreate' },
  },
  'further objects': {
    extraObjects: [
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: '{{ .Release.Name }}-more', namespace: '{{ .Release.Namespace }}' },
        data: { name: '{{ .Values.name }}' },
      },
    ],
  },
};

const EVERYTHING = {
  ...SCRAPED,
  environment: 'production',
  peer: { name: 'full-otel' },
  fullnameOverride: 'prom-otel',
  faults: { adminTokenSecret: { name: 'faults' } },
  serviceMonitor: { enabled: true, additionalLabels: { release: 'kube-prometheus-stack' } },
  podLogs: { enabled: true },
  prometheusRule: { enabled: true, additionalLabels: { release: 'kube-prometheus-stack' } },
  logRules: { enabled: true },
  autoscaling: { enabled: true },
  pdb: { enabled: true },
  networkPolicy: { enabled: true, callers: ['full-otel', 'load'], httpFrom: GATEWAY, metricsFrom: MONITORING },
  ingress: { enabled: true, host: 'clew.example.com' },
  httpRoute: { enabled: true, parentRefs: [{ name: 'traefik', namespace: 'traefik' }] },
  topologySpread: { enabled: true },
};

export const service: Case[] = [
  ...Object.entries(SWITCHES).map(([name, values]): Case => {
    const { global, ...own } = values as { global?: object };
    return { name, chart: 'service', values: { global: { ...OTLP.global, ...global }, ...own } };
  }),
  {
    name: 'an endpoint for traces alone',
    chart: 'service',
    values: { ...SCRAPED, otlp: { traces: { endpoint: 'http://tempo:4317' } } },
  },
  { name: 'one-service', chart: 'service', release: 'full-otel', values: OTLP, example: true },
  { name: 'everything', chart: 'service', values: { ...OTLP, ...EVERYTHING, peer: { name: '' } }, example: true },
  {
    name: 'a long release',
    chart: 'service',
    release: LONG,
    values: { ...OTLP, name: 'requester-of-orders', logRules: { enabled: true } },
  },
  {
    name: 'names that are numbers',
    chart: 'service',
    release: '1',
    namespace: '2',
    values: { ...OTLP, ...EVERYTHING, peer: { name: '' } },
  },
];
