import { type Case, LONG, OTLP, POLICY } from './case.ts';

const ELSEWHERE = [{ name: 'full-otel', url: 'http://clew-full-otel.shop:8080' }];
const FAULTS = { faults: { adminTokenSecret: { name: 'faults' } } };

const OF_EACH_KIND: Case[] = ['Deployment', 'Job', 'CronJob', 'TestRun'].flatMap((kind) => [
  { name: `a ${kind}`, chart: 'load', values: { kind, targets: ELSEWHERE } },
  {
    name: `a ${kind} with everything`,
    chart: 'load',
    values: {
      global: { otlp: { ...OTLP.global.otlp, headersSecret: { name: 'otlp', key: 'headers' } } },
      ...FAULTS,
      ...POLICY,
      kind,
      scenario: 'log-flood',
      mayHurt: true,
      cap: 1000000,
      metrics: { enabled: true },
      metricsUrl: 'http://clew-prom-otel:9464/metrics',
      targets: [
        { name: 'full-otel', url: 'https://clew.example.com' },
        { name: 'prom-otel', url: 'http://10.0.0.7:8080' },
      ],
      podLabels: { team: 'shop' },
      podAnnotations: { 'example.com/note': 'yes' },
      nodeSelector: { 'kubernetes.io/arch': 'amd64' },
      tolerations: [{ operator: 'Exists' }],
      imagePullSecrets: [{ name: 'own' }],
    },
  },
]);

export const load: Case[] = [
  ...OF_EACH_KIND,
  { name: 'a long release', chart: 'load', release: LONG, values: { kind: 'TestRun', targets: ELSEWHERE } },
  {
    name: 'a leak behind a policy',
    chart: 'load',
    values: {
      ...FAULTS,
      ...POLICY,
      scenario: 'memory-leak',
      targets: ELSEWHERE,
      metricsUrl: 'https://metrics.example.com/metrics',
    },
  },
];
