/**
 * Telemetry outage: the collector takes what it is sent and never answers. The services must not care: no request fails or
 * gets slower. What cannot be delivered is dropped and counted, and traces arrive again afterwards, without a restart.
 *
 * With BACKEND_URL the local backend plays the collector in trouble, and traces are looked up in it.
 *
 * Moves: the drop counters and export errors of the services; nothing that a user sees.
 * Look: sum by (service_name, error_type) (rate(otel_sdk_processor_span_processed_total[1m]))
 * By hand: without a local backend, stop the collector 60 s after the start, for two minutes (docker compose pause alloy).
 * Takes: 4 min; 34 s with PACE=fast.
 */
import { sleep } from 'k6';
import { Rate } from 'k6/metrics';
import { browse } from '../journeys/browse.ts';
import { collectorOutage, hasTrace } from '../lib/backend.ts';
import { play } from '../lib/play.ts';
import { lengthOf } from '../lib/timeline.ts';
import { steady } from '../profiles/steady.ts';

/** The services export every half second in the demo, every five seconds at most elsewhere. */
const ARRIVES_WITHIN_S = 2;
/** An export that hangs when the collector comes back gives up after `OTEL_EXPORTER_OTLP_TIMEOUT`, 10 s. */
const BACK_WITHIN_S = 13;

const tracesArrive = new Rate('traces_arrive');

export const { options, setup, journey, fault, watch, teardown, handleSummary } = play({
  name: 'telemetry-outage',
  timeline: {
    normal: { baseline: 60, fault: 120, recovery: 60 },
    fast: { baseline: 7, fault: 10, recovery: 16 },
  },
  journey: browse,
  profile: steady(20),
  fault: collectorOutage,
  watch(client, phase, { settings: { backendUrl }, timeline, elapsed }) {
    if (backendUrl === undefined) return;
    const patience = phase === 'recovery' ? BACK_WITHIN_S : ARRIVES_WITHIN_S;
    const until = Math.min(elapsed() + patience, lengthOf(timeline) - 1);
    const { headers } = client.get('/api/users/:id', { path: '/api/users/1' });
    const [, traceId] = /traceparent;desc="00-([0-9a-f]{32})/.exec(headers['Server-Timing'] ?? '') ?? [];
    if (traceId === undefined)
      throw new Error('the services do not tell their trace ids: start them with EXPOSE_TRACE_ID=true');
    let found = false;
    while (!found && elapsed() < until) {
      sleep(0.5);
      found = hasTrace(backendUrl, traceId);
    }
    tracesArrive.add(found, { phase });
  },
  thresholds: ({ settings }) => ({
    'errors{counted:yes}': ['rate==0'],
    'http_req_duration{phase:baseline}': ['p(95)<150'],
    'http_req_duration{phase:fault}': ['p(95)<150'],
    'http_req_duration{phase:recovery}': ['p(95)<150'],
    ...(settings.backendUrl !== undefined && {
      'traces_arrive{phase:baseline}': ['rate==1'],
      'traces_arrive{phase:fault}': ['rate<0.3'],
      'traces_arrive{phase:recovery}': ['rate>0.5'],
    }),
  }),
});
export default journey;
