/**
 * Telemetry outage: the collector takes what it is sent and never answers. The services must not care: no request fails or
 * gets slower. What cannot be delivered is dropped and counted, so checks that look for it fall short; traces arrive again
 * afterwards, without a restart.
 *
 * With BACKEND_URL the local backend plays the collector in trouble, and traces and drop counters are looked up in it.
 *
 * Moves: the drop counters and export errors of the services; nothing that a user sees.
 * Look: sum by (service_name, error_type) (rate(otel_sdk_processor_span_processed_total[1m]))
 * Breaks: exemplar-trace, log-trace, request-counts
 * By hand without a local backend: stop the collector when you are told, and start it again when you are told, two minutes
 *   later (docker compose pause alloy, docker compose unpause alloy).
 * Takes: 4 min; 34 s with PACE=fast.
 */
import { sleep } from 'k6';
import { Counter, Gauge, Rate } from 'k6/metrics';
import { browse } from '../journeys/browse.ts';
import { collectorOutage, failedRecords, spansOf } from '../lib/backend.ts';
import type { Client } from '../lib/client.ts';
import { percentile } from '../lib/percentile.ts';
import { play } from '../lib/play.ts';
import type { Settings } from '../lib/settings.ts';
import { lengthOf, type Phase, type Timeline } from '../lib/timeline.ts';
import { traceIdOf } from '../lib/trace-headers.ts';
import { steady } from '../profiles/steady.ts';

const RATE = 20;
/** The services export every half second in the demo, every five seconds at most elsewhere. */
const ARRIVES_WITHIN_S = 2;
/** An export that hangs when the collector comes back gives up after `OTEL_EXPORTER_OTLP_TIMEOUT`. */
const BACK_WITHIN_S = 13;
/** Requests to each service, one after another, whose times are compared. */
const SAMPLES = 20;
/** What their 95th percentile does by itself on a machine with other work: so many times, and so much more. */
const NOISE_FACTOR = 2;
const NOISE_MS = 15;
const DROPS = { traces: 'otel_sdk_processor_span_processed_total', logs: 'otel_sdk_processor_log_processed_total' };

const tracesArrive = new Rate('traces_arrive');
const samplesTaken = new Counter('samples');
/** In the outage, of the samples; 1 is the most that the baseline and noise explain. */
const p95InOutage = new Gauge('p95_in_outage');
const dropped = new Gauge('dropped_records');

// Of the one VU that watches.
const durations: Record<Phase, number[]> = { baseline: [], fault: [], edge: [], recovery: [] };
const droppedBefore: Record<string, number> = {};

export const { options, setup, journey, fault, watch, teardown, handleSummary } = play({
  name: 'telemetry-outage',
  timeline: {
    normal: { baseline: 60, fault: 120, recovery: 60 },
    fast: { baseline: 7, fault: 10, recovery: 16 },
  },
  journey: browse,
  profile: steady(RATE),
  fault: collectorOutage,
  watch(clients, phase, { settings: { backendUrl }, timeline, elapsed }) {
    const answers = clients.flatMap((client) => sample(client));
    durations[phase].push(...answers.map(({ timings }) => timings.duration));
    samplesTaken.add(answers.length, { phase });
    if (phase === 'recovery') {
      const explained = NOISE_FACTOR * percentile(durations.baseline, 0.95) + NOISE_MS;
      p95InOutage.add(percentile(durations.fault, 0.95) / explained);
    }
    if (backendUrl === undefined) return;
    for (const [signal, metric] of Object.entries(DROPS)) {
      const now = failedRecords(backendUrl, metric);
      droppedBefore[signal] ??= now;
      dropped.add(now - droppedBefore[signal], { signal });
    }
    const patience = phase === 'recovery' ? BACK_WITHIN_S : ARRIVES_WITHIN_S;
    const until = Math.min(elapsed() + patience, lengthOf(timeline) - 1);
    let missing = answers.filter((_, i) => i % SAMPLES === 0).map(({ headers }) => traceIdOf(headers));
    const asked = missing.length;
    while (missing.length > 0 && elapsed() < until) {
      sleep(0.5);
      missing = missing.filter((traceId) => spansOf(backendUrl, traceId).length === 0);
    }
    for (let i = 0; i < asked; i += 1) tracesArrive.add(i >= missing.length, { phase });
  },
  unchecked: ({ backendUrl }) =>
    backendUrl === undefined
      ? ['whether traces stop and come back, and what was dropped: that takes the local backend']
      : [],
  thresholds: ({ settings, timeline }) => ({
    'errors{counted:yes}': ['rate==0'],
    'http_req_duration{phase:baseline}': ['p(95)<150'],
    'http_req_duration{phase:fault}': ['p(95)<150'],
    'http_req_duration{phase:recovery}': ['p(95)<150'],
    // Of too few, a percentile says nothing: at least once all of them.
    'samples{phase:baseline}': [`count>=${SAMPLES * settings.targets.length}`],
    'samples{phase:fault}': [`count>=${SAMPLES * settings.targets.length}`],
    p95_in_outage: ['value>0', 'value<1'],
    ...(settings.backendUrl !== undefined && {
      'traces_arrive{phase:baseline}': ['rate==1'],
      'traces_arrive{phase:fault}': ['rate<0.3'],
      'traces_arrive{phase:recovery}': ['rate>0.5'],
      'dropped_records{signal:traces}': ['value>0', `value<${mostLost(settings, timeline)}`],
      'dropped_records{signal:logs}': ['value>0', `value<${mostLost(settings, timeline)}`],
    }),
  }),
});
export default journey;

function sample({ get }: Client) {
  return Array.from({ length: SAMPLES }, () => get('/api/users/:id', { path: '/api/users/1' }));
}

/** All that is sent from the start of the outage until the exports that hang give up, twice for the samples. */
function mostLost({ rate }: Settings, { fault }: Timeline): number {
  return Math.ceil(RATE * rate * 2 * (fault + BACK_WITHIN_S) * 2);
}
