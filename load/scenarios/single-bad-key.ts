/**
 * Single bad key: one user out of many cannot be opened for a while, on every service. Five requests in a hundred fail, all
 * of them the same user's: averages show an error rate, only spans and lines show whose.
 *
 * Moves: the error share of `GET /api/users/:id`, a little; one TraceQL query finds the user.
 * Look: { span.http.route = "/api/users/:id" && status = error } | by(span.user.id)
 * Takes: 4 min; 30 s with PACE=fast.
 */
import { BAD_USER, singleBadKey } from '../faults/single-bad-key.ts';
import { oneKey } from '../journeys/one-key.ts';
import { play } from '../lib/play.ts';
import { steady } from '../profiles/steady.ts';

export const { options, setup, journey, fault, teardown, handleSummary } = play({
  name: 'single-bad-key',
  timeline: {
    normal: { baseline: 60, fault: 120, recovery: 60 },
    fast: { baseline: 8, fault: 12, recovery: 10 },
  },
  journey: oneKey(BAD_USER),
  profile: steady(40),
  fault: singleBadKey,
  expected: { '/api/users/:id': [500] },
  thresholds: () => ({
    'errors{phase:baseline}': ['rate==0'],
    'errors{phase:fault,key:this}': ['rate==1'],
    'errors{phase:fault,key:other}': ['rate==0'],
    // In all: there, but few.
    'errors{phase:fault}': ['rate>0.01', 'rate<0.12'],
    'errors{phase:recovery}': ['rate==0'],
    'http_req_duration{counted:yes}': ['p(95)<250'],
  }),
});
export default journey;
