/**
 * Event loop block: some requests of the first service stop its event loop for a quarter of a second each, as synchronous
 * work would. Requests that have nothing to do with it wait, too: that tells it from a slow route. No CPU is used, and the
 * other service is as fast as ever.
 *
 * Moves: event loop delay, and the latency of every route of the first service.
 * Look: nodejs_eventloop_delay_p99_seconds or nodejs_eventloop_lag_p99_seconds
 * Takes: 4 min; 30 s with PACE=fast.
 */
import { eventLoopBlock } from '../faults/event-loop-block.ts';
import { browseWithRareWork } from '../journeys/browse-with-rare-work.ts';
import { play } from '../lib/play.ts';
import { steady } from '../profiles/steady.ts';

export const { options, setup, journey, fault, teardown, handleSummary } = play({
  name: 'event-loop-block',
  timeline: {
    normal: { baseline: 60, fault: 120, recovery: 60 },
    fast: { baseline: 8, fault: 12, recovery: 10 },
  },
  journey: browseWithRareWork,
  profile: steady(20, 5),
  fault: eventLoopBlock,
  thresholds: ({ first, last }) => ({
    'errors{counted:yes}': ['rate==0'],
    'http_req_duration{phase:baseline}': ['p(95)<150'],
    [`http_req_duration{phase:fault,route:/api/users/:id,service:${first.name}}`]: ['p(95)>150', 'p(95)<2000'],
    ...(last !== first && {
      [`http_req_duration{phase:fault,route:/api/users/:id,service:${last.name}}`]: ['p(95)<150'],
    }),
    'http_req_duration{phase:recovery}': ['p(95)<150'],
  }),
});
export default journey;
