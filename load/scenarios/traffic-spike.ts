/**
 * Traffic spike: five times the usual requests for a while. The control among the scenarios: there is no fault, nothing may
 * fail or get slow, and no alert may fire.
 *
 * Moves: the request rate, and nothing else.
 * Look: sum by (service_name) (rate(http_server_request_duration_seconds_count[1m]))
 * Takes: 4 min; 30 s with PACE=fast. With FAULT=off the rate stays as it is.
 */
import { browse } from '../journeys/browse.ts';
import { callPeer } from '../journeys/call-peer.ts';
import { mix } from '../journeys/mix.ts';
import { play } from '../lib/play.ts';
import { spike } from '../profiles/spike.ts';
import { steady } from '../profiles/steady.ts';

const USUAL = 12;
const TIMES = 5;

export const { options, setup, journey, teardown, handleSummary } = play({
  name: 'traffic-spike',
  timeline: {
    normal: { baseline: 60, fault: 120, recovery: 60 },
    fast: { baseline: 8, fault: 12, recovery: 10 },
  },
  journey: mix([3, browse], [1, callPeer]),
  profile: (timeline, factor) => {
    const profile = __ENV.FAULT === 'off' ? steady(USUAL) : spike(USUAL, TIMES);
    return profile(timeline, factor);
  },
  thresholds: ({ settings, timeline }) => {
    // A browsing user sends two requests, and two seconds around each change are in no phase.
    const usual = USUAL * settings.rate * 1.75 * (timeline.fault - 2);
    return {
      'http_reqs{phase:fault}': [`count>${Math.round(usual * 3)}`, `count<${Math.round(usual * 7)}`],
      'errors{counted:yes}': ['rate==0'],
      'http_req_duration{phase:baseline}': ['p(95)<250'],
      'http_req_duration{phase:fault}': ['p(95)<500'],
      'http_req_duration{phase:recovery}': ['p(95)<250'],
    };
  },
});
export default journey;
