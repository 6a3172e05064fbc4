import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readTracesJson } from '../../src/otlp/json/traces.ts';
import { readTraces } from '../../src/otlp/protobuf/traces.ts';
import type { Received } from '../../src/otlp/received.ts';
import { encode } from '../support/protobuf.ts';

const encodings: Record<string, (json: object) => Received> = {
  protobuf: (json) => readTraces(encode('Traces', json)),
  JSON: (json) => readTracesJson(json),
};

const withAttributes = (...attributes: object[]) => ({
  resourceSpans: [{ scopeSpans: [{ spans: [{ attributes }] }] }],
});

function attributesOf({ batches }: Received): object {
  return batches[0]?.spans?.[0]?.attributes ?? assert.fail('no span');
}

/** A list in a list in a list ... */
function nested(depth: number): object {
  let value: object = { stringValue: 'core' };
  for (let i = 0; i < depth; i++) value = { arrayValue: { values: [value] } };
  return value;
}

for (const [name, read] of Object.entries(encodings)) {
  suite(`attributes in ${name}`, () => {
    test('may be called __proto__', () => {
      const attributes = attributesOf(read(withAttributes({ key: '__proto__', value: { stringValue: 'x' } })));
      assert.deepEqual(Object.entries(attributes), [['__proto__', 'x']]);
      assert.equal(JSON.stringify(attributes), '{"__proto__":"x"}');
    });

    test('may be nested a hundred deep, and no deeper', () => {
      const attributes = attributesOf(read(withAttributes({ key: 'a', value: nested(100) })));
      assert.match(JSON.stringify(attributes), /^\{"a":\[{100}"core"\]{100}\}$/);
      assert.throws(() => read(withAttributes({ key: 'a', value: nested(101) })), /nested deeper than 100/);
    });

    test('given twice, the last one counts', () => {
      const twice = [1, 2].map((number) => ({ key: 'a', value: { intValue: String(number) } }));
      assert.deepEqual(attributesOf(read(withAttributes(...twice))), { a: 2 });
    });
  });
}
