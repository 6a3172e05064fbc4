import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exampleOf } from '../../src/checks/example.ts';
import { secretPatterns } from '../../src/checks/secrets/patterns.ts';
import { runChecks } from '../../src/index.ts';
import { evidenceOf, goodRun, START_US, spanId, traceId } from '../run.ts';

for (const { name, sample, harmless } of secretPatterns) {
  test(`masks a ${name}, wherever it stands`, () => {
    const text = `before ${sample} after ${sample}`;
    const masked = JSON.stringify(exampleOf({ text, list: [sample], nested: { text, [sample]: 1 } }));
    assert.ok(!masked.includes(JSON.stringify(sample).slice(1, -1)), masked);
    assert.match(masked, /before .*\.\.\. \(\d+ characters\)/);
    if (!/[0-9]{16}/.test(harmless)) assert.deepEqual(exampleOf({ harmless }), { harmless });
  });
}

test('masks all of a secret, not only what it is known by', () => {
  const texts = [
    'password=hunter2-and-the-tail',
    '{"password":"hunter 2 and the-tail"}',
    '{\\"password\\":\\"hunter2 the-tail\\"}',
    'api_key: 1hunter2-the-tail',
    'postgres://app:hunter2-the-tail@db/app',
    'Authorization: Bearer 7Zx2mQ9vK4pL8sT1wY6b-the-tail',
    'cookie: connect.sid=s%3Aq7W2e9R4t1Y6u3I8!the-tail',
    '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG\nthe-tail\n-----END PRIVATE KEY-----',
  ];
  for (const text of texts) {
    const { shown } = exampleOf({ shown: `${text} end` }) as { shown: string };
    assert.ok(!shown.includes('the-tail') && shown.includes('characters)'), shown);
  }
});

test('masks a value that its key makes a secret', () => {
  const example = exampleOf({ attributes: { password: 'hunter2hunter', 'process.pid': '12345' } });
  assert.deepEqual(example, { attributes: { password: '... (13 characters)', 'process.pid': '12345' } });
});

test('has ids as hex, whatever their digits look like, and the last bucket as Prometheus writes it', () => {
  const spanId = Buffer.from('4111111111111111', 'hex');
  assert.deepEqual(exampleOf({ outcome: 'failed', spanId, le: Number.POSITIVE_INFINITY, route: null }), {
    spanId: '4111111111111111',
    le: '+Inf',
    route: null,
  });
});

test('no check repeats a secret of what it names', () => {
  const secret = 'alice@example.com';
  const run = goodRun();
  const { spans, logs, points, exemplars, resource } = run['full-otel'];
  const ids = { traceId: traceId(), spanId: spanId() };
  logs.push({ ...ids, timeUs: START_US, body: `no user ${secret}`, traceFlags: 1, attributes: {}, source: 'otlp' });
  for (const span of spans) Object.assign(span, { parentSpanId: spanId(), name: `GET /${secret}` });
  for (const point of points) point.labels = { ...point.labels, http_route: `/${secret}` };
  for (const exemplar of exemplars) Object.assign(exemplar, { ...ids, labels: { http_route: `/${secret}` } });
  Object.assign(resource.attributes, { 'service.name': 'unknown_service', owner: secret });
  const evidence = evidenceOf(run);
  const results = runChecks(evidence);
  evidence.close();
  assert.ok(results.filter(({ status }) => status === 'falls-short').length >= 6);
  for (const { name, examples } of results) assert.ok(!JSON.stringify(examples).includes(secret), name);
});
