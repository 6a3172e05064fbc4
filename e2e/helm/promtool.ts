import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { KubeObject } from '../../test/helm/support/objects.ts';
import { findProgram } from '../support/programs.ts';

/** Asserts that promtool takes the metric rules of a release, and that each alert fires when it should, and only then. */
export function checkRules(objects: KubeObject[]): void {
  const rules = objects.filter(
    ({ kind, metadata }) => kind === 'PrometheusRule' && metadata.labels?.['clew.dev/rules'] !== 'logs',
  );
  const groups = rules.flatMap(({ spec }) => spec?.groups ?? []);
  assert.ok(groups.length > 0);
  const folder = mkdtempSync(join(tmpdir(), 'clew-rules-'));
  try {
    writeFileSync(join(folder, 'rules.yaml'), stringify({ groups }));
    promtool('check', 'rules', join(folder, 'rules.yaml'));
    const alerts = groups.flatMap((group) => group.rules.flatMap(({ alert }) => alert ?? []));
    writeFileSync(join(folder, 'test.yaml'), stringify(ruleTest(alerts)));
    promtool('test', 'rules', join(folder, 'test.yaml'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Asserts that these can be parsed as PromQL. */
export function checkQueries(queries: string[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'clew-queries-'));
  try {
    const rules = queries.map((expr, index) => ({ record: `query:${index}`, expr }));
    writeFileSync(join(folder, 'rules.yaml'), stringify({ groups: [{ name: 'queries', rules }] }));
    promtool('check', 'rules', join(folder, 'rules.yaml'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function promtool(...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(findProgram('promtool') ?? 'promtool', args, { encoding: 'utf8' });
  assert.equal(status, 0, `${stdout}${stderr}`);
}

const OF = 'service_name="prom-otel",service_namespace="shop"';
const COUNT = `http_server_request_duration_seconds_count{${OF},http_route=`;
const BUCKET = `http_server_request_duration_seconds_bucket{${OF},http_route=`;
const CAPACITY = `otel_sdk_processor_span_queue_capacity{${OF}}`;
const PROCESSED = `otel_sdk_processor_span_processed_total{${OF},otel_component_type="batching_span_processor"`;

interface Story {
  /** Alerts that fire, none in the others. */
  fires: string[];
  series: Record<string, string>;
}

const STORIES: Story[] = [
  { fires: ['ClewAbsent'], series: {} },
  {
    fires: [],
    series: {
      [CAPACITY]: '16384x40',
      [`${COUNT}"/api/users"}`]: '0+600x40',
      [`${COUNT}"/api/users",error_type="timeout"}`]: '0+6x40',
      [`${COUNT}"/api/error",error_type="Error"}`]: '0+600x40',
      [`${COUNT}"/api/users",error_type="aborted"}`]: '0+600x40',
      [`${BUCKET}"/api/users",le="0.1"}`]: '0+600x40',
      [`${BUCKET}"/api/users",le="+Inf"}`]: '0+600x40',
      [`${BUCKET}"/api/slow",le="0.1"}`]: '0+0x40',
      [`${BUCKET}"/api/slow",le="10.0"}`]: '0+600x40',
      [`${BUCKET}"/api/slow",le="+Inf"}`]: '0+600x40',
      [`${PROCESSED}}`]: '0+600x40',
    },
  },
  {
    fires: ['ClewErrors', 'ClewSlow', 'ClewTelemetryLost'],
    series: {
      [CAPACITY]: '16384x40',
      [`${COUNT}"/api/users"}`]: '0+600x40',
      [`${COUNT}"/api/users",error_type="timeout"}`]: '0+60x40',
      [`${BUCKET}"/api/users",le="1.0"}`]: '0+500x40',
      [`${BUCKET}"/api/users",le="5.0"}`]: '0+600x40',
      [`${BUCKET}"/api/users",le="+Inf"}`]: '0+600x40',
      [`${PROCESSED},error_type="queue_full"}`]: '0+5x40',
    },
  },
];

/** A test of promtool: each alert in each story, after 20 minutes. */
function ruleTest(alerts: string[]): object {
  const untested = alerts.filter((alert) => !STORIES.some(({ fires }) => fires.includes(alert)));
  assert.deepEqual(untested, [], 'alerts without a story in which they fire');
  return {
    rule_files: ['rules.yaml'],
    evaluation_interval: '1m',
    tests: STORIES.map(({ fires, series }) => ({
      interval: '1m',
      input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
      promql_expr_test: alerts.map((alert) => ({
        expr: `count(ALERTS{alertname="${alert}",alertstate="firing",${OF},severity="warning"}) or vector(0)`,
        eval_time: '20m',
        exp_samples: [{ labels: '{}', value: fires.includes(alert) ? 1 : 0 }],
      })),
    })),
  };
}
