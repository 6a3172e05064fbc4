import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { ALLOY, blocksOf, fileOf, pathOf, referencesOf } from './config.ts';
import { evaluate, type Value } from './evaluate.ts';
import { runStages } from './log-stages.ts';
import type { Block } from './read.ts';
import { relabel } from './relabel.ts';

// Every component that reads lines, and what its lines have for labels when they come to Loki.

type Labels = Record<string, string>;

/** Labels of the reading itself, by the documentation of each component; a label that is not read is anything. */
const READING: Record<string, { labels: Labels; line: string }> = {
  'loki.source.docker': { labels: {}, line: '{}' },
  'loki.source.file': { labels: { filename: '/var/log/clew/prom-otel.log' }, line: '2026-11-21T09:00:00Z stdout F {}' },
  'loki.source.kubernetes_events': { labels: { job: 'x', instance: 'x', namespace: 'shop' }, line: '{}' },
  'loki.source.podlogs': { labels: { job: 'x', instance: 'x' }, line: '{}' },
};
/** Of the reading or of its stages, and of no use to who looks for a line. */
const DROPPED = ['filename', 'stream', 'job', 'instance'];

const sources = blocksOf().filter(({ type }) => type.startsWith('loki.source.'));

describe('every log source names its service, and drops the labels of the reading', () => {
  it('each kind of source is there', () => {
    assert.deepEqual([...new Set(sources.map(({ type }) => type))].sort(), Object.keys(READING));
  });

  for (const source of sources) {
    it(`${pathOf(source)} in ${fileOf(source)}`, () => {
      const { labels, line } = READING[source.type] ?? assert.fail(`${source.type}: add it here`);
      const arrived = arrive(source, line, { ...Object.fromEntries(given(source)), ...labels });
      assert.ok(arrived.service_name, `without service_name: ${JSON.stringify(arrived)}`);
      assert.deepEqual(
        DROPPED.filter((name) => name in arrived),
        [],
      );
    });
  }
});

/** Labels that the targets have. */
function given({ type, attributes, file }: Block): [name: string, value: string][] {
  const names = (targets: Value): string[] =>
    Array.isArray(targets) ? targets.flatMap((target) => Object.keys(target ?? {})) : madeBy(targets, file);
  const all = type === 'loki.source.podlogs' ? namesOfPodLogs() : names(evaluate(attributes.targets ?? []));
  return all.filter((name) => !name.startsWith('__')).map((name) => [name, 'x']);
}

/** By the rules of the relabelling that the targets come from. */
function madeBy(targets: Value, file: string): string[] {
  const { name = '' } = Object(targets);
  const rules = resolve(name.split('.').slice(0, -1).join('.'), file).blocks;
  return rules.flatMap(({ attributes }) => evaluate(attributes.target_label ?? []) as string);
}

function namesOfPodLogs(): string[] {
  const { spec } = parse(readFileSync(join(ALLOY, 'kubernetes', 'pod-logs.yaml'), 'utf8'));
  return spec.relabelings.flatMap(({ targetLabel = [] }) => targetLabel);
}

/** Follows a line to where it is written. */
function arrive(from: Block, line: string, labels: Labels): Labels {
  const next = referencesOf({ ...from, blocks: [], attributes: { to: from.attributes.forward_to ?? [] } });
  assert.equal(next.length, 1, `${pathOf(from)} forwards to ${next}`);
  const to = resolve(next[0] ?? '', from.file);
  if (to.type === 'loki.write') return labels;
  if (to.type === 'loki.relabel') return arrive(to, line, relabel(to, labels) ?? assert.fail('dropped'));
  assert.equal(to.type, 'loki.process');
  const entry = runStages(to, line, labels);
  assert.equal(entry.dropped, undefined);
  return arrive(to, entry.line, entry.labels);
}

/** A name is taken from the same file first: kubernetes/ has two ways to read pods, which exclude each other. */
function resolve(path: string, file: string): Block {
  const found = blocksOf().filter((block) => pathOf(block) === path);
  return found.find((block) => block.file === file) ?? found[0] ?? assert.fail(`no ${path}`);
}
