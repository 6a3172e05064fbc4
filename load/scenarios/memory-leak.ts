/**
 * Memory leak: every `GET /api/users` of the last service leaves something behind, about 128 MiB in all. No request fails,
 * none gets slower: only the heap tells. When the fault ends all of it is garbage, and goes with the next full collection.
 *
 * Moves: the heap of the last service, as a ramp that does not come down.
 * Look: nodejs_heap_size_used_bytes or v8js_memory_heap_used_bytes
 * Takes: 4 min; 30 s with PACE=fast. The last target is one whose metrics are scraped (prom-otel).
 */
import { Trend } from 'k6/metrics';
import { browse } from '../journeys/browse.ts';
import { onServices } from '../lib/faults.ts';
import { scrape } from '../lib/metrics-page.ts';
import { play } from '../lib/play.ts';
import { steady } from '../profiles/steady.ts';

const RATE = 20;
const MIB = 2 ** 20;
const LEAK = 128 * MIB;

/** Above the highest value of the baseline, in MiB. */
const heapGrowth = new Trend('heap_growth_mib');
/** Of the one VU that watches. */
let usual = 0;

export const { options, setup, journey, fault, watch, teardown, handleSummary } = play({
  name: 'memory-leak',
  timeline: {
    normal: { baseline: 60, fault: 120, recovery: 60 },
    fast: { baseline: 8, fault: 12, recovery: 10 },
  },
  journey: browse,
  profile: steady(RATE),
  fault: onServices('last', ({ settings, timeline }) => {
    const requests = ((RATE * settings.rate) / settings.targets.length) * timeline.fault;
    const bytes = Math.min(16 * MIB, Math.max(1024, Math.round(LEAK / requests)));
    return [{ name: 'memory-leak', kind: 'memory', bytes, maxBytes: LEAK, match: { route: '/api/users' } }];
  }),
  watch(_clients, phase, { settings }) {
    const [used] = scrape(settings, 'nodejs_heap_size_used_bytes');
    if (used === undefined) return;
    if (phase === 'baseline') usual = Math.max(usual, used.value);
    else heapGrowth.add((used.value - usual) / MIB, { phase });
  },
  thresholds: () => ({
    'heap_growth_mib{phase:fault}': ['max>80', 'max<250'],
    'errors{counted:yes}': ['rate==0'],
    'http_req_duration{phase:fault}': ['p(95)<250'],
  }),
});
export default journey;
