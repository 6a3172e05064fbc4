import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatJson } from '../../src/output/json.ts';
import { sampleReport } from '../support/sample-report.ts';

test('has the fields that scripts rely on', () => {
  const json = JSON.parse(formatJson(sampleReport()));
  assert.deepEqual(Object.keys(json), ['verdict', 'exitCode', 'window', 'results', 'gaps']);
  assert.deepEqual([json.verdict, json.exitCode, json.window.since], ['falls-short', 1, null]);
  const fields = [
    'name',
    'title',
    'status',
    'checked',
    'held',
    'rate',
    'minimum',
    'examples',
    'uncheckable',
    'reasons',
    'cause',
    'fix',
  ];
  assert.deepEqual(Object.keys(json.results[0]), fields);
});
