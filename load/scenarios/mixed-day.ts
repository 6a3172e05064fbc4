/**
 * Mixed day: four of the other scenarios' faults one after another, in an order that `SEED` decides, under one mixed load:
 * error-burst, latency-tail, single-bad-key and event-loop-block. Whoever watches is to tell which one it is.
 *
 * Moves: what those four move, in turn.
 * Look: max by (clew_fault_name) (clew_fault_active)
 * Takes: 10 min; 34 s with PACE=fast.
 */
import { errorBurst } from '../faults/error-burst.ts';
import { eventLoopBlock } from '../faults/event-loop-block.ts';
import { latencyTail } from '../faults/latency-tail.ts';
import { BAD_USER, singleBadKey } from '../faults/single-bad-key.ts';
import { browse } from '../journeys/browse.ts';
import { browseWithRareWork } from '../journeys/browse-with-rare-work.ts';
import { mix } from '../journeys/mix.ts';
import { oneKey } from '../journeys/one-key.ts';
import { withTag } from '../journeys/with-tag.ts';
import { play, type Run } from '../lib/play.ts';
import { partAt, shuffled } from '../lib/schedule.ts';
import { steady } from '../profiles/steady.ts';

const FAULTS = {
  'error-burst': errorBurst,
  'latency-tail': latencyTail,
  'single-bad-key': singleBadKey,
  'event-loop-block': eventLoopBlock,
};
const NAMES = Object.keys(FAULTS) as (keyof typeof FAULTS)[]; // the type of its keys, which Object.keys forgets

export const { options, setup, journey, fault, teardown, handleSummary } = play({
  name: 'mixed-day',
  timeline: {
    normal: { baseline: 60, fault: 480, recovery: 60 },
    fast: { baseline: 4, fault: 26, recovery: 4 },
  },
  journey: withTag('part', partNow, mix([4, browse], [2, oneKey(BAD_USER)], [6, browseWithRareWork])),
  profile: steady(60, 4),
  fault: ({ settings }) => schedule(settings.seed).map((name) => FAULTS[name]),
  expected: { '/api/users': [500], '/api/users/:id': [500] },
  thresholds: ({ first }) => ({
    'errors{phase:baseline}': ['rate==0'],
    'errors{part:error-burst,route:/api/users}': ['rate>0.15', 'rate<0.5'],
    'errors{part:error-burst,route:/api/users/:id}': ['rate==0'],
    'http_req_duration{part:latency-tail,route:/api/users}': ['max>750', 'med<100'],
    'errors{part:latency-tail}': ['rate==0'],
    'errors{part:single-bad-key,key:this}': ['rate==1'],
    'errors{part:single-bad-key,key:other}': ['rate==0'],
    [`http_req_duration{part:event-loop-block,route:/api/users/:id,service:${first.name}}`]: [
      'p(95)>100',
      'p(95)<3000',
    ],
    'errors{part:event-loop-block}': ['rate==0'],
    'errors{phase:recovery}': ['rate==0'],
  }),
});
export default journey;

function schedule(seed: number) {
  return shuffled(NAMES, seed);
}

function partNow({ settings, timeline, elapsed }: Run): string {
  return partAt(schedule(settings.seed), timeline, elapsed()) ?? 'none';
}
