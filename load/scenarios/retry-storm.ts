/**
 * Retry storm: the peer of the first service answers 503, and its caller tries again. A retry budget
 * (`PEER_RETRY_BUDGET`, 0.1) keeps the calls near the number of requests; without one (`PEER_RETRY_BUDGET=1` for the
 * service and for this run) a peer in trouble gets twice the load. The amplification is measured: calls that met the fault
 * for each request that made them.
 *
 * Moves: the calls to the peer for each `GET /api/data` of the first service, and its errors.
 * Look: sum by (service_name) (rate(http_client_request_duration_seconds_count[1m]))
 * Takes: 4 min; 30 s with PACE=fast. Two targets: a service and its peer.
 */
import { Gauge } from 'k6/metrics';
import { retryStorm } from '../faults/retry-storm.ts';
import { callerAndBystander } from '../journeys/caller-and-bystander.ts';
import { hitsOf } from '../lib/faults.ts';
import { play, type Run } from '../lib/play.ts';
import { steady } from '../profiles/steady.ts';

/** Iterations per second; the first of two services gets half of them. */
const RATE = 20;
/** What every retry budget allows at once (packages/demo-api/src/retry-budget.ts). */
const BURST = 10;

const amplification = new Gauge('amplification');

export const { options, setup, journey, fault, watch, teardown, handleSummary } = play({
  name: 'retry-storm',
  timeline: {
    normal: { baseline: 60, fault: 120, recovery: 60 },
    fast: { baseline: 8, fault: 12, recovery: 10 },
  },
  journey: callerAndBystander,
  profile: steady(RATE),
  fault: retryStorm,
  expected: { '/api/data': [502] },
  leastTargets: 2,
  watch(_clients, _phase, run) {
    const { settings, timeline, elapsed, last } = run;
    const inFault = elapsed() - timeline.baseline;
    // Late in the fault a request more or less makes no difference; once it has ended, its hits are gone.
    if (!settings.fault || inFault < timeline.fault * 0.7 || inFault > timeline.fault) return;
    const calls = hitsOf(last, settings).get('retry-storm');
    if (calls !== undefined) amplification.add(calls / (requestsPerSecond(run) * inFault));
  },
  thresholds(run) {
    const { retries, retryBudget } = run.settings.peer;
    const requests = requestsPerSecond(run) * run.timeline.fault;
    const more = retryBudget === 0 ? 0 : Math.min(retries, retryBudget + BURST / requests);
    return {
      amplification: [`value>${0.95 + more / 2}`, `value<${1.05 + more * 1.5}`],
      'errors{phase:baseline}': ['rate==0'],
      'errors{phase:fault,route:/api/data}': ['rate==1'],
      'errors{phase:fault,route:/api/users/:id}': ['rate==0'],
      'errors{phase:recovery}': ['rate==0'],
      'http_req_duration{phase:fault,route:/api/users/:id}': ['p(95)<250'],
    };
  },
});
export default journey;

function requestsPerSecond({ settings }: Run): number {
  return (RATE * settings.rate) / settings.targets.length;
}
