import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocksOf, pathOf } from './config.ts';
import type { Block } from './read.ts';
import { relabel } from './relabel.ts';

const rules = (path: string, file: string): Block => {
  const found = blocksOf(file).find((block) => pathOf(block) === path);
  return found ?? assert.fail(`${file}: no ${path}`);
};
const OURS = { service_namespace: 'clew', deployment_environment_name: 'development' };

test('boundaries that came by OTLP are written as a scrape writes them', () => {
  const otlp = rules('prometheus.relabel.otlp', 'otlp-metrics.alloy');
  const written = ['1', '10', '0.005', '2.5', '+Inf'].map((le) => relabel(otlp, { le })?.le);
  assert.deepEqual(written, ['1.0', '10.0', '0.005', '2.5', '+Inf']);
  assert.deepEqual(relabel(otlp, { job: 'clew/full-otel' }), { job: 'clew/full-otel' });
});

test('a metric and a label go, the others stay', () => {
  const metrics = rules('prometheus.relabel.metrics', 'metrics.alloy');
  assert.equal(relabel(metrics, { __name__: 'nodejs_active_handles_total' }), undefined);
  const kept = { __name__: 'http_server_request_duration_seconds_count', http_route: '/api/users' };
  assert.deepEqual(relabel(metrics, { ...kept, telemetry_sdk_name: 'opentelemetry' }), kept);
  assert.deepEqual(relabel(metrics, { __name__: 'nodejs_active_handles' }), { __name__: 'nodejs_active_handles' });
});

test('a file of the services is read as the service that it is named after', () => {
  const files = rules('loki.relabel.files', 'local/static.alloy');
  assert.deepEqual(relabel(files, { filename: '/var/log/clew/prom-otel.log' }), { service_name: 'prom-otel' });
});

test('a container is scraped where it says so, at the port that it says', () => {
  const services = rules('discovery.relabel.services', 'local/docker.alloy');
  const container = {
    __address__: '172.18.0.4:8080',
    __meta_docker_network_ip: '172.18.0.4',
    __meta_docker_container_label_prometheus_port: '9464',
    __meta_docker_container_label_com_docker_compose_service: 'prom-otel',
  };
  assert.equal(relabel(services, container), undefined);
  const target = relabel(services, { ...container, __meta_docker_container_label_prometheus_scrape: 'true' });
  assert.deepEqual([target?.__address__, target?.service_name], ['172.18.0.4:9464', 'prom-otel']);
  const scraped = relabel(rules('discovery.relabel.scraped', 'local/scrape.alloy'), { service_name: 'prom-otel' });
  assert.deepEqual(scraped, { ...OURS, service_name: 'prom-otel', job: 'clew/prom-otel' });
});

test("lines of every container are read but Alloy's own", () => {
  const containers = rules('discovery.relabel.containers', 'local/docker.alloy');
  const compose = '__meta_docker_container_label_com_docker_compose_service';
  const named = (labels: Record<string, string>) =>
    relabel(containers, { __meta_docker_container_name: '/clew-x-1', ...labels });
  assert.equal(named({})?.service_name, 'clew-x-1');
  assert.equal(named({ [compose]: 'prom-otel' })?.service_name, 'prom-otel');
  assert.equal(named({ [compose]: 'alloy' }), undefined);
  assert.equal(named({ __meta_docker_container_name: '/alloy' }), undefined);
});

test('what is scraped in a cluster says whose it is, with and without the label of its name', () => {
  const meta = {
    __meta_kubernetes_namespace: 'shop',
    __meta_kubernetes_service_name: 'shop-prom-otel',
    __meta_kubernetes_pod_container_name: 'app',
  };
  const named = { ...meta, __meta_kubernetes_pod_label_app_kubernetes_io_name: 'prom-otel' };
  const byKind = { servicemonitors: 'shop-prom-otel', podmonitors: 'app' };
  for (const [kind, otherwise] of Object.entries(byKind)) {
    const monitors = rules(`prometheus.operator.${kind}.services`, 'kubernetes/scrape.alloy');
    const labels = (target: Record<string, string>) =>
      Object.fromEntries(Object.entries(relabel(monitors, target) ?? {}).filter(([name]) => !name.startsWith('__')));
    const ours = { ...OURS, service_namespace: 'shop' };
    assert.deepEqual(labels(named), { ...ours, service_name: 'prom-otel' });
    assert.deepEqual(labels(meta), { ...ours, service_name: otherwise });
    const own = { service_name: 'of the monitor', deployment_environment_name: 'stage' };
    assert.deepEqual(labels({ ...meta, ...own }), { ...ours, ...own });
  }
});

test('lines that PodLogs choose keep the environment that it gives, and have one without', () => {
  const pods = rules('loki.relabel.pods', 'kubernetes/pod-logs.alloy');
  const line = { service_name: 'prom-otel', job: 'shop/logs', instance: 'shop/pod:app' };
  const { deployment_environment_name } = OURS;
  assert.deepEqual(relabel(pods, line), { service_name: 'prom-otel', deployment_environment_name });
  const stage = { service_name: 'prom-otel', deployment_environment_name: 'stage' };
  assert.deepEqual(relabel(pods, { ...line, ...stage }), stage);
});

test("the log files of every pod are read but Alloy's own", () => {
  const pods = rules('discovery.relabel.pods', 'kubernetes/pod-files.alloy');
  const pod = {
    __meta_kubernetes_namespace: 'shop',
    __meta_kubernetes_pod_name: 'prom-otel-7d9f-x2',
    __meta_kubernetes_pod_uid: '6f1c-11',
    __meta_kubernetes_pod_container_name: 'app',
    __meta_kubernetes_pod_container_image: 'ghcr.io/clew/prom-otel:0.1.0',
    __meta_kubernetes_pod_label_app_kubernetes_io_name: 'prom-otel',
  };
  const labels = Object.entries(relabel(pods, pod) ?? {}).filter(([name]) => !name.startsWith('__meta'));
  assert.deepEqual(Object.fromEntries(labels), {
    __path__: '/var/log/pods/*6f1c-11/app/*.log',
    service_name: 'prom-otel',
    service_namespace: 'shop',
    k8s_namespace_name: 'shop',
    k8s_container_name: 'app',
    k8s_pod_name: 'prom-otel-7d9f-x2',
    deployment_environment_name: 'development',
  });
  const { __meta_kubernetes_pod_label_app_kubernetes_io_name: _, ...unnamed } = pod;
  assert.equal(relabel(pods, unnamed)?.service_name, 'app');
  for (const image of ['docker.io/grafana/alloy:v1.21.0', 'grafana/alloy@sha256:00', 'alloy:1']) {
    assert.equal(relabel(pods, { ...pod, __meta_kubernetes_pod_container_image: image }), undefined, image);
  }
});
