/**
 * Latency tail: for a while every twentieth `GET /api/users` takes about a second, the others what they always take. The
 * median and the average hardly move; the 99th percentile, and the exemplars of the slow buckets, tell.
 *
 * Moves: p99 of that route; p50 of it stays, and so does every other route.
 * Look: histogram_quantile(0.99, sum by (le, service_name, http_route) (rate(http_server_request_duration_seconds_bucket[1m])))
 * Takes: 4 min; 30 s with PACE=fast.
 */
import { latencyTail } from '../faults/latency-tail.ts';
import { browse } from '../journeys/browse.ts';
import { play } from '../lib/play.ts';
import { steady } from '../profiles/steady.ts';

export const { options, setup, journey, fault, teardown, handleSummary } = play({
  name: 'latency-tail',
  timeline: {
    normal: { baseline: 60, fault: 120, recovery: 60 },
    fast: { baseline: 8, fault: 12, recovery: 10 },
  },
  journey: browse,
  profile: steady(30),
  fault: latencyTail,
  thresholds: () => ({
    'http_req_duration{phase:baseline,route:/api/users}': ['p(99)<500'],
    'http_req_duration{phase:fault,route:/api/users}': ['p(99)>750', 'p(99)<2000', 'med<100'],
    'http_req_duration{phase:fault,route:/api/users/:id}': ['p(99)<500'],
    'http_req_duration{phase:recovery,route:/api/users}': ['p(99)<500'],
    'errors{counted:yes}': ['rate==0'],
  }),
});
export default journey;
