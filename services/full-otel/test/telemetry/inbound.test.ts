import assert from 'node:assert/strict';
import { test } from 'node:test';
import { propagation, trace } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { readInbound } from '../../src/telemetry/inbound.ts';

new NodeSDK({ spanProcessors: [], metricReaders: [], logRecordProcessors: [] }).start(); // for its propagators

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${TRACE_ID}-b7ad6b7169203331-01`;

test('a trusted listener continues the trace of its caller', () => {
  const { parent, links } = readInbound({ traceparent }, true);
  assert.equal(trace.getSpanContext(parent)?.traceId, TRACE_ID);
  assert.deepEqual(links, []);
});

test('an untrusted listener starts a new root and links to the trace of its caller', () => {
  const { parent, links } = readInbound({ traceparent }, false);
  assert.equal(trace.getSpanContext(parent), undefined);
  assert.equal(links[0]?.context.traceId, TRACE_ID);
});

test('a malformed traceparent is as good as none', () => {
  for (const bad of ['', 'nonsense', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`, `00-${TRACE_ID.slice(1)}-x-01`]) {
    for (const trusted of [true, false]) {
      const { parent, links } = readInbound({ traceparent: bad }, trusted);
      assert.equal(trace.getSpanContext(parent), undefined, bad);
      assert.deepEqual(links, [], bad);
    }
  }
});

for (const trusted of [true, false]) {
  test(`only allowed baggage passes a listener with trusted=${trusted}`, () => {
    const bag = `test.run.id=run-1,user.email=a@b.c,test.scenario=${'x'.repeat(65)},synthetic=tr%20ue`;
    const { parent, baggage } = readInbound({ traceparent, baggage: bag }, trusted);
    assert.deepEqual(baggage, { 'test.run.id': 'run-1' });
    assert.deepEqual(
      propagation
        .getBaggage(parent)
        ?.getAllEntries()
        .map(([name]) => name),
      ['test.run.id'],
    );
  });

  test(`baggage without an allowed entry is dropped whole with trusted=${trusted}`, () => {
    const { parent, baggage } = readInbound({ traceparent, baggage: 'user.email=a@b.c' }, trusted);
    assert.deepEqual(baggage, {});
    assert.equal(propagation.getBaggage(parent), undefined);
  });
}
