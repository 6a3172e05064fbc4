/**
 * Error burst: for a while about every third `GET /api/users` answers 500, on every service.
 *
 * Moves: the error share of that route, its exemplars and its error lines; no other route, and no latency.
 * Look: sum by (service_name, http_route) (rate(http_server_request_duration_seconds_count{http_response_status_code=~"5.."}[1m]))
 * Takes: 4 min; 30 s with PACE=fast.
 */
import { errorBurst } from '../faults/error-burst.ts';
import { browse } from '../journeys/browse.ts';
import { play } from '../lib/play.ts';
import { steady } from '../profiles/steady.ts';

export const { options, setup, journey, fault, teardown, handleSummary } = play({
  name: 'error-burst',
  timeline: {
    normal: { baseline: 60, fault: 120, recovery: 60 },
    fast: { baseline: 8, fault: 12, recovery: 10 },
  },
  journey: browse,
  profile: steady(20),
  fault: errorBurst,
  expected: { '/api/users': [500] },
  thresholds: () => ({
    'errors{phase:baseline}': ['rate==0'],
    'errors{phase:fault,route:/api/users}': ['rate>0.2', 'rate<0.4'],
    'errors{phase:fault,route:/api/users/:id}': ['rate==0'],
    'errors{phase:recovery}': ['rate==0'],
    'http_req_duration{phase:fault}': ['p(95)<250'],
  }),
});
export default journey;
