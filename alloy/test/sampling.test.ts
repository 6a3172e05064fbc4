import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { limits } from '../../packages/service/src/create-app.ts';
import { filesOf, roles } from '../roles.ts';
import { ALLOY, component } from './config.ts';
import { evaluate, evaluateText } from './evaluate.ts';
import type { Block } from './read.ts';

const ROOT = join(ALLOY, '..');
const sampler = () => component('otelcol.processor.tail_sampling', 'traces.alloy');
const policies = () =>
  sampler()
    .blocks.filter(({ type }) => type === 'policy')
    .map(({ attributes, blocks }) => ({
      type: evaluateText(attributes.type),
      name: evaluateText(attributes.name),
      settings: blocks[0],
    }));

test('a trace is decided after its longest request has ended and every span has come', () => {
  const service = readFileSync(join(ROOT, 'services/full-otel/src/telemetry/env.ts'), 'utf8');
  const set = (name: string) => Number(new RegExp(`${name}: '(\\d+)'`).exec(service)?.[1]);
  const spent = [
    limits.handlerTimeout,
    set('OTEL_BSP_SCHEDULE_DELAY'),
    set('OTEL_EXPORTER_OTLP_TIMEOUT'),
    milliseconds(component('otelcol.processor.batch', 'span-metrics.alloy').attributes.timeout),
    // The sampler looks once a second.
    1000,
  ];
  assert.ok(
    spent.every((time) => time > 0),
    spent.join(),
  );
  const wait = milliseconds(sampler().attributes.decision_wait);
  const longest = spent.reduce((sum, time) => sum + time);
  assert.ok(wait > longest, `decision_wait is ${wait} ms, a trace may take ${longest}`);
});

test('errors, slow traces and every trace of an exemplar are kept, and a share of the rest', () => {
  const kept = Object.fromEntries(policies().map(({ type, settings }) => [type, valuesOf(settings)]));
  assert.deepEqual(kept, {
    status_code: { status_codes: ['ERROR'] },
    latency: { threshold_ms: 1000 },
    boolean_attribute: { key: 'exemplar.recorded', value: true },
    probabilistic: { sampling_percentage: 10 },
  });
  assert.deepEqual(valuesOf(policies().at(-1)?.settings, { TRACES_SAMPLED_PERCENT: '5' }), { sampling_percentage: 5 });
  assert.ok(policies().every(({ type, settings }) => settings?.type === type));
});

test('nothing undecided is evicted, and decisions outlive their traces', () => {
  const { num_traces, block_on_overflow, decision_cache } = valuesOf(sampler());
  assert.equal(block_on_overflow, true);
  for (const size of Object.values(decision_cache as object)) assert.ok(size > Number(num_traces));
  assert.equal(Object.keys(decision_cache as object).length, 2);
});

test('span metrics give no exemplars: the sampler may drop their traces', () => {
  const { blocks } = component('otelcol.connector.spanmetrics', 'span-metrics.alloy');
  assert.equal(blocks.find(({ type }) => type === 'exemplars')?.attributes.enabled, false);
});

test('where there is a sampler, span metrics are made before it, by Alloy or by Tempo', () => {
  for (const role of Object.keys(roles)) {
    const files = filesOf(role).map((file) => file.slice(ALLOY.length + 1));
    const entries = files.filter((file) => /^(span-metrics|destinations-balanced)/.test(file));
    assert.equal(entries.length, files.includes('otlp.alloy') ? 1 : 0, `${role}: ${entries}`);
  }
});

test('of span metrics there is one producer: with the generator of a Tempo in deploy/, the file for it', () => {
  const configs = globSync('deploy/**/*.{yaml,yml,json,tpl}', { cwd: ROOT }).map((path) =>
    readFileSync(join(ROOT, path), 'utf8'),
  );
  assert.equal(hasTwoProducers(configs), false);
  const tempo = 'metrics_generator:\n  processors: [service-graphs, span-metrics]\n';
  const files = [
    '- ../../alloy/traces.alloy:/etc/alloy/traces.alloy',
    '- ../../alloy/span-metrics-by-tempo.alloy:/etc/alloy/',
  ];
  assert.equal(hasTwoProducers([tempo, '- ../../alloy/span-metrics.alloy:/etc/alloy/']), true);
  assert.equal(hasTwoProducers([tempo, 'ALLOY_ROLE=docker']), true);
  assert.equal(hasTwoProducers([tempo, ...files]), false);
  assert.equal(
    hasTwoProducers([`# ${tempo.replaceAll('\n', '\n# ')}`, '- ../../alloy/span-metrics.alloy:/etc/alloy/']),
    false,
  );
});

/** Every role but those by Tempo has Alloy make them, so with Tempo's generator on these have to be named. */
function hasTwoProducers(configs: string[]): boolean {
  const names = (pattern: RegExp) => configs.some((text) => pattern.test(text));
  const tempo = names(/^[^#\n]*\b(?:service-graphs|span-metrics)\b(?![-.])/m);
  return tempo && (names(/span-metrics\.alloy/) || !names(/(?:span-metrics|traces)-by-tempo/));
}

function valuesOf(block: Block | undefined, env: Record<string, string> = {}): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(block?.attributes ?? {}).map(([name, value]) => [name, evaluate(value, env)]),
  );
}

function milliseconds(duration: unknown): number {
  const [, amount, unit = ''] = /^(\d+)(ms|s|m)$/.exec(String(duration)) ?? [];
  return Number(amount) * ({ ms: 1, s: 1000, m: 60_000 }[unit] ?? Number.NaN);
}
