import { type Case, LONG, MONITORING, OTLP, POLICY } from './case.ts';

export const clew: Case[] = [
  { name: 'clew', chart: 'clew', values: OTLP, example: true },
  { name: 'one of everything', chart: 'clew', values: { ...OTLP, load: { enabled: true } } },
  { name: 'stage', chart: 'clew', namespace: 'clew-stage', files: ['values-stage.yaml'], example: true },
  { name: 'prod', chart: 'clew', namespace: 'clew-prod', files: ['values-prod.yaml'] },
  {
    name: 'kube-prometheus-stack',
    chart: 'clew',
    files: ['values-kube-prometheus-stack.yaml'],
    example: true,
  },
  { name: 'k8s-monitoring', chart: 'clew', files: ['values-k8s-monitoring.yaml'], example: true },
  {
    name: 'grafana-cloud',
    chart: 'clew',
    files: ['values-grafana-cloud.yaml'],
    values: { global: { otlp: { endpoint: 'https://otlp-gateway-prod-eu-west-2.grafana.net/otlp' } } },
  },
  { name: 'openshift', chart: 'clew', files: ['values-openshift.yaml'], values: { ...OTLP, load: { enabled: true } } },
  {
    name: 'every policy',
    chart: 'clew',
    values: {
      ...OTLP,
      'full-otel': POLICY,
      'prom-otel': { networkPolicy: { enabled: true, metricsFrom: MONITORING } },
      load: { enabled: true, ...POLICY },
    },
  },
  {
    name: 'clew verify behind every policy',
    chart: 'clew',
    values: {
      global: { ...OTLP.global, imageRegistry: 'registry.example.com:5000', imagePullSecrets: [{ name: 'shared' }] },
      'full-otel': POLICY,
      'prom-otel': { networkPolicy: { enabled: true, metricsFrom: MONITORING } },
      tests: {
        verify: {
          prometheus: 'http://mimir.monitoring:9009/prometheus',
          loki: 'https://loki.example.com',
          tempo: 'http://tempo.monitoring:3200',
          tenant: 'stage',
          existingSecret: 'stores',
          image: { tag: '1.2.3' },
          flags: ['--ca', '/secret/ca.pem', '--skip', 'request-counts', '--tail-sampled'],
          annotations: { 'argocd.argoproj.io/hook': 'PostSync' },
        },
      },
    },
  },
  {
    name: 'clew verify of one service with Jaeger',
    chart: 'clew',
    values: {
      ...OTLP,
      'full-otel': { enabled: false },
      'prom-otel': { peer: { name: '' } },
      tests: { verify: { jaeger: 'http://jaeger:16686' } },
    },
  },
  {
    name: 'a long release',
    chart: 'clew',
    release: LONG,
    values: { ...OTLP, load: { enabled: true, kind: 'CronJob' } },
  },
  { name: 'a release with a dot', chart: 'clew', release: 'clew.two', values: { ...OTLP, load: { enabled: true } } },
  { name: 'a release of the name of a service', chart: 'clew', release: 'prom-otel', values: OTLP },
  {
    name: 'one service and load',
    chart: 'clew',
    values: {
      ...OTLP,
      'prom-otel': { enabled: false },
      'full-otel': { peer: { name: '' } },
      load: { enabled: true, targets: [{ name: 'full-otel' }] },
    },
  },
];
