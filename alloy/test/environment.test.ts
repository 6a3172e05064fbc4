import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { codesIn, tableUnder } from '../../test/markdown.ts';
import { ALLOY, blocksOf, environmentOf, fileOf, withInner } from './config.ts';
import type { Expression } from './read.ts';

const README = readFileSync(join(ALLOY, 'README.md'), 'utf8');
const SECRET = /^(password|api_key|.*token|.*secret|credentials|.*_pem|bearer_token)$/;

test('the README lists every variable that is read, with its default, and no other', () => {
  const read = new Map<string, string>();
  for (const { name, default: value = '' } of blocksOf().flatMap(environmentOf)) {
    assert.ok(!read.has(name) || read.get(name) === value, `${name} has two defaults: ${read.get(name)}, ${value}`);
    read.set(name, value);
  }
  const rows = tableUnder(README, 'Environment').flatMap((row) =>
    codesIn(row.name).map((name) => [name, codesIn(row.default)[0] ?? ''] as const),
  );
  assert.deepEqual(Object.fromEntries(rows), Object.fromEntries(read));
});

test('no secret is written down', () => {
  const secrets = blocksOf()
    .flatMap(withInner)
    .flatMap(({ attributes, file }) =>
      Object.entries(attributes).flatMap(([name, value]) => (SECRET.test(name) ? [{ name, value, file }] : [])),
    );
  assert.ok(secrets.length >= 5);
  for (const { name, value, file } of secrets) assert.ok(isFromEnvironment(value), `${file}: ${name}`);
});

test('URLs, tenants, credentials and TLS files are read in destinations and rules alone', () => {
  const theirs = /(_URL|_USERNAME|_PASSWORD|_TIER)$|^TENANT$|^TLS_/;
  const elsewhere = blocksOf().filter((block) => !/^(destinations|rules)/.test(fileOf(block)));
  for (const block of elsewhere) {
    for (const { name } of environmentOf(block)) assert.doesNotMatch(name, theirs, fileOf(block));
  }
  for (const block of blocksOf().flatMap(withInner)) {
    for (const name of ['url', 'endpoint', 'address']) {
      const value = block.attributes[name];
      if (value !== undefined) assert.ok(isFromEnvironment(value), `${block.file}: ${name} of ${block.type}`);
    }
  }
});

test('whatever goes to a store or a ruler says whose it is, and can have credentials and TLS', () => {
  const sends = ['otelcol.exporter.otlphttp', 'loki.write', 'prometheus.remote_write', 'pyroscope.write'];
  const senders = [...sends, 'mimir.rules.kubernetes', 'loki.rules.kubernetes'];
  const found = blocksOf().filter(({ type }) => senders.includes(type));
  assert.deepEqual([...new Set(found.map(({ type }) => type))].sort(), senders.sort());
  for (const block of found) {
    const read = environmentOf(block).map(({ name }) => name);
    assert.deepEqual(
      ['TENANT', 'TLS_CA_FILE', 'TLS_CERT_FILE', 'TLS_KEY_FILE'].filter((name) => !read.includes(name)),
      [],
      `${block.file}: ${block.type}`,
    );
    const withAuth =
      read.some((name) => name.endsWith('_PASSWORD')) || block.blocks.some(({ attributes }) => 'auth' in attributes);
    assert.ok(withAuth, `${block.file}: ${block.type} sends no credentials`);
  }
});

/** sys.env, alone or with a default that says that there is none. */
function isFromEnvironment(value: Expression): boolean {
  if (typeof value !== 'object' || value === null || !('call' in value)) return false;
  return (
    value.call === 'sys.env' ||
    (value.call === 'coalesce' && value.args[0] !== undefined && isFromEnvironment(value.args[0]))
  );
}
