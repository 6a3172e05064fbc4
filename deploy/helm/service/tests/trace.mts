import { randomBytes } from 'node:crypto';
import { code, field, text, time } from './protobuf.mts';
import type { Settings, Signal } from './settings.mts';

/** A trace whose root is this test. */
export interface Trace {
  id: string;
  /** For the calls that belong to it. */
  traceparent: string;
  /**
   * What is sent of a signal, as an Export...ServiceRequest: the root as it is by now, without which the spans of the
   * service were orphans, and a line that belongs to it, since Loki refuses an empty request. Of metrics nothing.
   */
  request(signal: Signal): Uint8Array<ArrayBuffer>;
}

const NAME = 'helm test';
const INTERNAL = 1;
const INFO = 9;

export function startTrace({ resource }: Settings): Trace {
  const startMs = Date.now();
  const [traceId, spanId] = [randomBytes(16), randomBytes(8)];
  // https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto
  const span = () => [
    field(1, traceId),
    field(2, spanId),
    text(5, NAME),
    code(6, INTERNAL),
    time(7, startMs),
    time(8, Date.now()),
  ];
  // https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/logs/v1/logs.proto
  const line = () => [
    time(1, Date.now()),
    code(2, INFO),
    text(3, 'INFO'),
    field(5, text(1, NAME)),
    field(9, traceId),
    field(10, spanId),
  ];
  return {
    id: traceId.toString('hex'),
    traceparent: `00-${traceId.toString('hex')}-${spanId.toString('hex')}-01`,
    request(signal) {
      if (signal === 'metrics') return new Uint8Array();
      const record = signal === 'traces' ? span() : line();
      const attributes = Object.entries(resource).map(([key, value]) =>
        field(1, text(1, key), field(2, text(1, value))),
      );
      const scope = field(1, text(1, 'clew.helm-test'));
      return new Uint8Array(field(1, field(1, ...attributes), field(2, scope, field(2, ...record))));
    },
  };
}
