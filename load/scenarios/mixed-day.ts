/**
 * Mixed day: the faults of other scenarios one after another, in an order that `SEED` decides, under one mixed load:
 * error-burst, latency-tail, single-bad-key, event-loop-block and, with two targets, cascading-timeout and retry-storm.
 * With PACE=fast it is four of them, which `SEED` chooses. Whoever watches is to tell which one it is.
 *
 * Not among them: log-flood and cardinality, which can hurt a stack; memory-leak, of which a heap is the only sign;
 * telemetry-outage and bad-release, which take more than the services.
 *
 * Moves: what each of them moves, in turn.
 * Look: max by (clew_fault_name) (clew_fault_active)
 * Takes: 10 min; 34 s with PACE=fast.
 */
import type { Threshold } from 'k6/options';
import { cascadingTimeout } from '../faults/cascading-timeout.ts';
import { errorBurst } from '../faults/error-burst.ts';
import { eventLoopBlock } from '../faults/event-loop-block.ts';
import { latencyTail } from '../faults/latency-tail.ts';
import { retryStorm } from '../faults/retry-storm.ts';
import { BAD_USER, singleBadKey } from '../faults/single-bad-key.ts';
import { browse } from '../journeys/browse.ts';
import { browseWithRareWork } from '../journeys/browse-with-rare-work.ts';
import { callerAndBystander } from '../journeys/caller-and-bystander.ts';
import { mix } from '../journeys/mix.ts';
import { oneKey } from '../journeys/one-key.ts';
import { withTag } from '../journeys/with-tag.ts';
import type { Fault } from '../lib/faults.ts';
import { play, type Run } from '../lib/play.ts';
import { partAt, shuffled } from '../lib/schedule.ts';
import { steady } from '../profiles/steady.ts';

interface Part {
  name: string;
  fault: Fault;
  /** What must be seen while it lasts. */
  seen: (run: Run) => Record<string, Threshold[]>;
  needsPeer?: true;
}

const PARTS: Part[] = [
  {
    name: 'error-burst',
    fault: errorBurst,
    seen: () => ({
      'errors{part:error-burst,route:/api/users}': ['rate>0.15', 'rate<0.5'],
      'errors{part:error-burst,route:/api/users/:id}': ['rate==0'],
    }),
  },
  {
    name: 'latency-tail',
    fault: latencyTail,
    seen: () => ({
      'http_req_duration{part:latency-tail,route:/api/users}': ['max>750', 'med<400'],
      'errors{part:latency-tail}': ['rate==0'],
    }),
  },
  {
    name: 'single-bad-key',
    fault: singleBadKey,
    seen: () => ({
      'errors{part:single-bad-key,key:this}': ['rate==1'],
      'errors{part:single-bad-key,key:other}': ['rate==0'],
    }),
  },
  {
    name: 'event-loop-block',
    fault: eventLoopBlock,
    seen: ({ first }) => ({
      // The request that blocks; of those that wait for it, a busy machine makes the same picture.
      [`http_req_duration{part:event-loop-block,route:/api/slow,service:${first.name}}`]: ['med>240'],
      [`http_req_duration{part:event-loop-block,route:/api/users/:id,service:${first.name}}`]: ['p(95)<3000'],
      'errors{part:event-loop-block}': ['rate==0'],
    }),
  },
  {
    name: 'cascading-timeout',
    fault: cascadingTimeout,
    needsPeer: true,
    seen: ({ settings: { peer } }) => ({
      'errors{part:cascading-timeout,route:/api/data}': ['rate==1'],
      'http_req_duration{part:cascading-timeout,route:/api/data}': [
        `med>${peer.timeoutMs * 0.9}`,
        `p(95)<${peer.timeoutMs * 1.5}`,
      ],
      'errors{part:cascading-timeout,route:/api/users/:id}': ['rate==0'],
    }),
  },
  {
    name: 'retry-storm',
    fault: retryStorm,
    needsPeer: true,
    seen: () => ({
      'errors{part:retry-storm,route:/api/data}': ['rate==1'],
      'errors{part:retry-storm,route:/api/users/:id}': ['rate==0'],
    }),
  },
];
const MOST_FAST = 4;

const usual = mix([6, browse], [2, oneKey(BAD_USER)], [6, browseWithRareWork], [2, callerAndBystander]);

export const { options, setup, journey, fault, teardown, handleSummary } = play({
  name: 'mixed-day',
  timeline: {
    normal: { baseline: 60, fault: 480, recovery: 60 },
    fast: { baseline: 4, fault: 26, recovery: 4 },
  },
  journey: withTag('part', partNow, usual),
  profile: steady(70, 4),
  fault: (run) => schedule(run).map((part) => part.fault),
  expected: { '/api/users': [500], '/api/users/:id': [500], '/api/data': [502, 504] },
  thresholds: (run) => ({
    'errors{phase:baseline}': ['rate==0'],
    ...Object.assign({}, ...schedule(run).map(({ seen }) => seen(run))),
    'errors{phase:recovery}': ['rate==0'],
  }),
});
export default journey;

function schedule({ settings: { seed, pace, targets } }: Run): Part[] {
  const possible = PARTS.filter(({ needsPeer }) => targets.length > 1 || !needsPeer);
  return shuffled(possible, seed).slice(0, pace === 'fast' ? MOST_FAST : possible.length);
}

function partNow(run: Run): string {
  return partAt(schedule(run), run.timeline, run.elapsed())?.name ?? 'none';
}
