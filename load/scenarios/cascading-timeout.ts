/**
 * Cascading timeout: the peer of the first service takes requests and never answers. With a deadline (`PEER_TIMEOUT`, 2 s)
 * its caller gives up and says 504; without one (`PEER_TIMEOUT=10000` for the service and for this run) its users wait ten
 * seconds for the same. What does not need the peer stays as it was.
 *
 * Moves: latency and errors of `GET /api/data` of the first service; the traces show on which hop the time was lost.
 * Look: { span.http.route = "/api/data" && duration > 1s }
 * Takes: 4 min; 34 s with PACE=fast. Two targets: a service and its peer.
 */
import { cascadingTimeout } from '../faults/cascading-timeout.ts';
import { callerAndBystander } from '../journeys/caller-and-bystander.ts';
import { play } from '../lib/play.ts';
import { steady } from '../profiles/steady.ts';

export const { options, setup, journey, fault, teardown, handleSummary } = play({
  name: 'cascading-timeout',
  timeline: {
    normal: { baseline: 60, fault: 120, recovery: 60 },
    fast: { baseline: 8, fault: 12, recovery: 14 },
  },
  journey: callerAndBystander,
  profile: steady(10, 12),
  fault: cascadingTimeout,
  expected: { '/api/data': [504] },
  leastTargets: 2,
  thresholds: ({ settings: { peer } }) => ({
    'errors{phase:baseline}': ['rate==0'],
    'errors{phase:fault,route:/api/data}': ['rate==1'],
    'http_req_duration{phase:fault,route:/api/data}': [`med>${peer.timeoutMs * 0.9}`, `p(95)<${peer.timeoutMs * 1.5}`],
    'errors{phase:fault,route:/api/users/:id}': ['rate==0'],
    'http_req_duration{phase:fault,route:/api/users/:id}': ['p(95)<250'],
    'errors{phase:recovery}': ['rate==0'],
    'http_req_duration{phase:recovery}': ['p(95)<250'],
  }),
});
export default journey;
