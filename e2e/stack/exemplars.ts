import assert from 'node:assert/strict';
import { exemplarsOf, spansOf } from './queries.ts';
import type { Stores } from './stores.ts';

const SERVER = 2;

/**
 * Every exemplar of a service that Prometheus has leads to the span in Jaeger that was measured.
 *
 * @param selector of its series, in PromQL
 * @param since milliseconds since the epoch
 */
export async function assertExemplarsLead(
  stores: Stores,
  service: string,
  selector: string,
  since: number,
): Promise<void> {
  const exemplars = await exemplarsOf(stores, selector, since);
  assert.ok(exemplars.length > 20, `${service} has ${exemplars.length}`);
  for (const { traceId, spanId, value, le } of exemplars) {
    const span = (await spansOf(stores, traceId)).find((one) => one.spanId === spanId);
    assert.ok(span, `${service}: no span ${spanId} in trace ${traceId}`);
    assert.equal(span.service, service);
    assert.equal(span.kind, SERVER);
    assert.equal(span.attributes.get('exemplar.recorded'), true);
    assert.ok(Math.abs(span.seconds - value) < 0.002, `${span.seconds} s measured as ${value}`);
    assert.ok(value <= (le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le)), `${value} in bucket ${le}`);
  }
}
