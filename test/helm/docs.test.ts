import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { parse } from 'yaml';
import { blockLinesIn, codesIn } from '../markdown.ts';
import { HELM } from './support/charts.ts';
import { documentedValues } from './support/documented-values.ts';

const page = readFileSync(join(HELM, '..', '..', 'docs', 'kubernetes.md'), 'utf8');

interface Chart {
  dependencies?: { name: string; alias?: string }[];
}

/** Values of a chart, with those of the charts in it as one sets them from outside: `prom-otel.scrape.enabled`. */
function valuesOf(chart: string): string[] {
  const read = (file: string) => readFileSync(join(HELM, chart, file), 'utf8');
  const { dependencies = [] }: Chart = parse(read('Chart.yaml'));
  const inner = dependencies.flatMap(({ name, alias = name }) => valuesOf(name).map((path) => `${alias}.${path}`));
  // What all share has no prefix.
  const shared = inner.map((path) => path.replace(/^[\w-]+\.(?=global\b)/, ''));
  return [...documentedValues(read('values.yaml')).map(({ path }) => path), ...shared];
}

it('docs/kubernetes.md names values that there are', () => {
  const known = valuesOf('clew');
  const sections = new Set(known.map((path) => path.split('.')[0]));
  const set = blockLinesIn(page).flatMap((line) =>
    [...line.matchAll(/--set(?:-json)? '?([\w.-]+)=/g)].map(([, path]) => path),
  );
  const named = codesIn(page)
    .map((code) => code.replace(/^--set /, '').replace(/=.*/, ''))
    .filter((code) => /^[\w-]+(\.\w+)+$/.test(code) && sections.has(code.split('.')[0] ?? ''));
  assert.ok(set.length > 4 && named.length > 10);
  assert.deepEqual(
    [...set, ...named].filter((path) => !known.includes(String(path))),
    [],
  );
});
