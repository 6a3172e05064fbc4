import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

const { compactRule } = (await import(`${import.meta.dirname}/../../web/fault-rule.js`)) as {
  compactRule: (rule: unknown) => string;
};

suite('a rule is shown as the header x-clew-fault takes it', () => {
  const listed = { name: 'n', source: 'admin', startedAt: 'a', endsAt: 'b', hits: 3, ttlMs: 60_000 };
  const cases: [rule: unknown, text: string][] = [
    [{ kind: 'hang', ...listed }, 'hang'],
    [
      { kind: 'error', status: 503, ...listed, match: { route: '/api/users', share: 0.2 } },
      'error;status=503;route=/api/users;share=0.2',
    ],
    [{ kind: 'drop', match: { header: { 'x-a': 'b' }, userId: '7' } }, 'drop;userId=7;header.x-a=b'],
    [{ kind: 'exception', message: 'a, b; 100%' }, 'exception;message=a%2C b%3B 100%25'],
    [{ kind: 'latency', seed: 1, p50Ms: 5, p99Ms: 50 }, 'latency;seed=1;p50Ms=5;p99Ms=50'],
    [{ kind: 7, match: null, odd: { a: [1] } }, '7;odd={"a":[1]}'],
    [null, ''],
  ];
  for (const [rule, text] of cases) {
    test(text || 'null', () => assert.equal(compactRule(rule), text));
  }
});
