import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { limits } from '@clew/service';
import { parseRules } from '../src/check-rules.ts';
import { readCompact } from '../src/compact.ts';
import { kinds } from '../src/kinds/all.ts';
import { matchFields, schemaOf } from '../src/rule.ts';

const page = readFileSync(new URL('../../../docs/faults.md', import.meta.url), 'utf8');
const tableUnder = (heading: string) => {
  const [, section = ''] = page.split(`## ${heading}\n`);
  const rows = section.split('\n## ')[0]?.match(/^\| `.*$/gm) ?? [];
  return rows.map((row) => row.split('|').slice(1, -1));
};
const codes = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => String(code));

test('docs/faults.md has every kind, with all that it takes, and an example of it that works', () => {
  const rows = tableUnder('Kinds');
  assert.deepEqual(
    rows.map(([kind]) => codes(kind)[0]),
    kinds.map(({ name }) => name),
  );
  for (const [index, { name, parameters }] of kinds.entries()) {
    const [, takes, example, does, symptom] = rows[index] ?? [];
    assert.deepEqual(codes(takes), Object.keys(parameters), name);
    const text = String(codes(example)[0]);
    const { rules, errors } = parseRules(text, { needsTtl: false });
    assert.deepEqual([errors, rules.map(({ kind }) => kind)], [[], [name]], text);
    for (const cell of [does, symptom]) assert.ok(String(cell).trim().length > 10, `${name} is explained`);
  }
});

test('docs/faults.md has every field of a rule, in both forms', () => {
  const [hang] = kinds.filter(({ name }) => name === 'hang');
  assert.ok(hang);
  const fields = Object.keys(schemaOf(hang, true).properties ?? {}).filter((field) => field !== 'match');
  const rows = tableUnder('Rules').map(([field, compact]) => [codes(field)[0], codes(compact)[0]]);
  assert.deepEqual(
    new Set(rows.map(([field]) => field)),
    new Set([...fields, ...matchFields.map((field) => `match.${field}`)]),
  );
  for (const [field, compact] of rows.filter(([name]) => name !== 'kind')) {
    const [rule] = readCompact(`hang;${compact}=1`);
    const value = String(field).startsWith('match.') ? (rule as { match: object }).match : rule;
    assert.ok(String(field?.replace('match.', '')) in Object(value), `${compact} is not ${field}`);
  }
});

test('docs/faults.md has the caps as they are', () => {
  const most = (kind: string, field: string) => {
    const schema = kinds.find(({ name }) => name === kind)?.parameters[field] as { maximum?: number } | undefined;
    return schema?.maximum;
  };
  const caps = tableUnder('Caps').map(([what, cap]) => [codes(what), String(cap).trim()]);
  const capOf = (kind: string) => caps.find(([names]) => (names as string[]).includes(kind))?.[1];
  for (const field of ['ms', 'minMs', 'maxMs', 'p50Ms', 'p99Ms'])
    assert.equal(most('latency', field), limits.handlerTimeout);
  assert.equal(capOf('latency'), `${limits.handlerTimeout / 1000} s: the handler timeout`);
  for (const kind of ['cpu', 'block']) assert.equal(capOf(kind), `${Number(most(kind, 'ms')) / 1000} s a request`);
  const mib = (field: string) => Number(most('memory', field)) / 2 ** 20;
  assert.equal(capOf('memory'), `${mib('bytes')} MiB a request, ${mib('maxBytes')} MiB or half the heap in all`);
  assert.match(String(capOf('log-flood')), /^1,000 lines a request, 10,000 a second/);
  assert.equal(most('log-flood', 'lines'), 1_000);
  assert.equal(capOf('labels'), '1,000 values');
  assert.equal(most('labels', 'max'), 1_000);
});
