import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocksOf, withInner } from './config.ts';
import { evaluate, evaluateText } from './evaluate.ts';
import type { Block } from './read.ts';

/** One stream or series for each request, file, client or process would be made by these. */
const UNBOUNDED =
  /trace_?id|span_?id|parent_?id|request_?id|session|user|(^|_)(url_)?path$|query|(^|_)url(_full)?$|filename|(^|_)ip$|address$|(^|_)time|duration|exception|message|stack|container_id|uid/i;

/** The names under which a block makes labels of logs or series. */
function labelsOf({ type, attributes }: Block): string[] {
  const keys = (name: string) => {
    const value = attributes[name];
    return typeof value === 'object' && value !== null && 'object' in value ? Object.keys(value.object) : [];
  };
  if (type === 'stage.labels' || type === 'stage.static_labels') return keys('values');
  const target = attributes.target_label === undefined ? [] : [evaluateText(attributes.target_label)];
  return [...target, ...keys('external_labels'), ...keys('extra_log_labels')].filter((name) => !name.startsWith('__'));
}

test('no label has a value for each request, user, path or file', () => {
  const labels = blocksOf()
    .flatMap(withInner)
    .flatMap((block) => labelsOf(block).map((label) => ({ ...block, label })));
  for (const { label, file, type } of labels) assert.doesNotMatch(label, UNBOUNDED, `${type} in ${file}`);
  const names = new Set(labels.map(({ label }) => label));
  for (const name of ['level', 'service_name', 'service_namespace', 'deployment_environment_name', 'cluster', 'le']) {
    assert.ok(names.has(name), `${name}: not found, so this test looks in the wrong places`);
  }
});

test('attributes that become labels of series are of the resource, or name the Alloy', () => {
  const statements = blocksOf()
    .flatMap(withInner)
    .filter(({ type, attributes }) => type === 'metric_statements' && attributes.context === 'datapoint')
    .flatMap(({ attributes }) => evaluate(attributes.statements ?? []) as string[]);
  assert.ok(statements.length >= 4);
  const allowed = ['service.name', 'service.namespace', 'deployment.environment.name', 'collector.instance.id'];
  for (const statement of statements) {
    const [, name = ''] = /^set\(attributes\["([^"]+)"\], /.exec(statement) ?? [];
    assert.ok(allowed.includes(name), statement);
  }
});

test('span metrics have the dimensions that they have by default, and no others', () => {
  const dimensions = blocksOf()
    .filter(({ type }) => /^otelcol\.connector\.(spanmetrics|servicegraph)$/.test(type))
    .flatMap((block) => [
      ...block.blocks.filter(({ type }) => type.endsWith('dimension')),
      block.attributes.dimensions,
    ]);
  assert.deepEqual(dimensions.filter(Boolean), []);
});
