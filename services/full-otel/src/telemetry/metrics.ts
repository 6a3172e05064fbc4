import { subscribe } from 'node:diagnostics_channel';
import { type Attributes, metrics } from '@opentelemetry/api';

const meter = metrics.getMeter('clew.http');

// The boundaries that semantic conventions advise; the SDK's own are made for milliseconds.
// https://opentelemetry.io/docs/specs/semconv/http/http-metrics/#metric-httpserverrequestduration
const duration = meter.createHistogram('http.server.request.duration', {
  description: 'Duration of HTTP server requests.',
  unit: 's',
  advice: { explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] },
});

/** Records one request, in the active context. */
export function recordRequest(seconds: number, attributes: Attributes): void {
  duration.record(seconds, attributes);
}

const rejected = meter.createCounter('clew.http.server.rejected', {
  description: 'Requests refused before routing: unparsable, too long, timed out.',
  unit: '{request}',
});
subscribe('clew.request.rejected', (message) => {
  rejected.add(1, { 'error.type': (message as { reason: string }).reason });
});

// Faults that were asked for: what a panel or an alert shows has to be told from what somebody has switched on.
const faultMeter = metrics.getMeter('clew.faults');
const activeFaults = faultMeter.createGauge('clew.fault.active', {
  description: '1 while a fault is active, 0 when it has ended.',
  unit: '{fault}',
});
subscribe('clew.fault', (message) => {
  const { name, source, active } = message as { name: string; source: string; active: boolean };
  activeFaults.record(active ? 1 : 0, { 'clew.fault.name': name, 'clew.fault.source': source });
});

const faultLabels = faultMeter.createCounter('clew.fault.labels', {
  description: 'Label values that faults of the kind labels have made up.',
  unit: '{request}',
});
subscribe('clew.fault.label', (message) => {
  faultLabels.add(1, { value: (message as { value: string }).value });
});
