import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkRules, parseRules } from '../src/check-rules.ts';
import { readCompact } from '../src/compact.ts';
import { checkFaults } from '../src/index.ts';

const options = { needsTtl: true };

test('the compact form says the same as the JSON form', () => {
  const text =
    'latency;p50Ms=20;p99Ms=400;route=/api/users/:id;method=GET;userId=7;share=0.25;header.x-a=b%3Bc=d;ttlMs=1000;seed=3;name=n.1, hang;ttlMs=5';
  const rules = [
    {
      kind: 'latency',
      p50Ms: 20,
      p99Ms: 400,
      ttlMs: 1000,
      seed: 3,
      name: 'n.1',
      match: { route: '/api/users/:id', method: 'GET', userId: '7', share: 0.25, header: { 'x-a': 'b;c=d' } },
    },
    { kind: 'hang', ttlMs: 5 },
  ];
  assert.deepEqual(readCompact(text), rules);
  assert.deepEqual(parseRules(text, options), parseRules(JSON.stringify(rules), options));
  assert.deepEqual(parseRules(text, options).errors, []);
});

test('rules without a name are called after their kind, and no two the same', () => {
  const { rules } = parseRules('error;ttlMs=1,error;ttlMs=1,drop;name=error-2;ttlMs=1,error;ttlMs=1', options);
  assert.deepEqual(
    rules.map(({ name }) => name),
    ['error', 'error-3', 'error-2', 'error-4'],
  );
});

for (const [text, message] of [
  ['', /^0\/kind must be one of latency, /],
  ['latency', /^0\/ttlMs is missing: a whole number from 1 to 3600000$/],
  ['latency;ttlMs=1', /^0\/ms takes the place of .*: give one of the three$/],
  ['latency;ms=1;p50Ms=2;p99Ms=3;ttlMs=1', /^0\/ms takes the place/],
  ['latency;minMs=5;ttlMs=1', /^0\/ms takes the place/],
  ['latency;minMs=5;maxMs=4;ttlMs=1', /^0\/maxMs must not be below minMs$/],
  ['latency;p50Ms=5;p99Ms=4;ttlMs=1', /^0\/p99Ms must not be below p50Ms$/],
  ['latency;ms=1s;ttlMs=1', /^0\/ms must be a whole number from 0 to 12000$/],
  ['latency;ms;ttlMs=1', /^0\/ms must be a whole number/],
  ['latency;ms=1.5;ttlMs=1', /^0\/ms must be a whole number/],
  ['hang;ttlMs=3600001', /^0\/ttlMs must be a whole number from 1 to 3600000$/],
  ['hang;ms=5;ttlMs=1', /^0\/ms is not known: there are name, kind, match, ttlMs, seed$/],
  ['hang;__proto__=5;ttlMs=1', /^0\/__proto__ is not known/],
  ['error;status=200;ttlMs=1', /^0\/status must be a whole number from 400 to 599$/],
  ['cpu;ms=5001;ttlMs=1', /^0\/ms must be a whole number from 1 to 5000$/],
  ['block;ms=5001;ttlMs=1', /^0\/ms must be a whole number from 1 to 5000$/],
  ['memory;bytes=1024;maxBytes=536870913;ttlMs=1', /^0\/maxBytes must be a whole number from 1024 to 536870912$/],
  ['log-flood;lines=1001;ttlMs=1', /^0\/lines must be a whole number from 1 to 1000$/],
  ['labels;max=1001;ttlMs=1', /^0\/max must be a whole number from 1 to 1000$/],
  ['exception;message=;ttlMs=1', /^0\/message must be text of 1 to 200 characters$/],
  ['error;share=1.1;ttlMs=1', /^0\/match\/share must be a number from 0 to 1$/],
  ['error;method=get;ttlMs=1', /^0\/match\/method must be one of GET, /],
  ['error;name=a b;ttlMs=1', /^0\/name must be 1 to 64 letters, digits, _, \. and -$/],
  ['error;name=a;ttlMs=1,drop;name=a;ttlMs=1', /^1\/name must not be that of another rule$/],
  ['error;seed=-1;ttlMs=1', /^0\/seed must be a whole number from 0 to 4294967295$/],
  ['[{"kind":"error",', /^is no valid JSON: SyntaxError/],
  ['[{"kind":"error","ttlMs":1,"match":7}]', /^0\/match must be an object with any of route, method, /],
  ['[{"kind":"error","ttlMs":1,"match":{"header":[]}}]', /^0\/match\/header must be an object of texts$/],
  ['[{"kind":"error","ttlMs":1,"match":{"header":{"a":1}}}]', /^0\/match\/header must be an object of texts$/],
  ['[{"kind":"error","ttlMs":1,"match":{"path":"/"}}]', /^0\/match\/path is not known: there are route, method/],
  ['[7]', /^0\/kind must be one of/],
  [Array(21).fill('hang;ttlMs=1').join(), /^must have at most 20 rules$/],
] as const) {
  test(`"${text.slice(0, 60)}" is refused with what would be right`, () => {
    assert.match(String(checkFaults(text)), message);
  });
}

test('every problem of every rule is told', () => {
  assert.equal(checkFaults('latency;ms=x;ttlMs=y,nonsense,hang')?.split('; ').length, 4);
});

test('a rule of one request needs no end', () => {
  assert.deepEqual(parseRules('hang', { needsTtl: false }).errors, []);
});

test('anything else than a list is refused', () => {
  for (const input of [undefined, null, 7, 'error', {}]) assert.equal(checkRules(input, options).errors.length, 1);
});
