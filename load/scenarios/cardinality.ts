/**
 * Cardinality: every `GET /api/users` of the last service brings a label value that nobody has seen, 150 of them (`CAP`, at
 * most 1,000). They are on a metric of their own, never on that of the requests.
 *
 * Moves: the number of series of `clew_fault_labels_total`, and of the store behind it.
 * Look: count by (service_name) (clew_fault_labels_total)
 * Takes: 4 min; 30 s with PACE=fast. The last target is one whose metrics are scraped (prom-otel).
 */
import { Gauge } from 'k6/metrics';
import { browse } from '../journeys/browse.ts';
import { onServices } from '../lib/faults.ts';
import { scrape } from '../lib/metrics-page.ts';
import { play } from '../lib/play.ts';
import type { Settings } from '../lib/settings.ts';
import { steady } from '../profiles/steady.ts';

const RATE = 40;
/** Series that have grown since the start of the run: those of an earlier one are still there. */
const grown = new Gauge('grown_series');
/** Of the one VU that watches: values by labels at the start. */
let atStart: Map<string, number> | undefined;

export const { options, setup, journey, fault, watch, teardown, handleSummary } = play({
  name: 'cardinality',
  timeline: {
    normal: { baseline: 60, fault: 120, recovery: 60 },
    fast: { baseline: 8, fault: 12, recovery: 10 },
  },
  hurts: true,
  journey: browse,
  profile: steady(RATE),
  fault: onServices('last', ({ settings }) => [
    { name: 'cardinality', kind: 'labels', max: most(settings), match: { route: '/api/users' } },
  ]),
  watch(_clients, _phase, { settings }) {
    const samples = scrape(settings, 'clew_fault_labels_total');
    atStart ??= new Map(samples.map(({ labels, value }) => [labels, value]));
    grown.add(samples.filter(({ labels, value }) => value > (atStart?.get(labels) ?? 0)).length);
  },
  thresholds: ({ settings, timeline }) => {
    const requests = ((RATE * settings.rate) / settings.targets.length) * timeline.fault;
    const values = Math.min(most(settings), requests);
    return {
      grown_series: [`value>=${Math.floor(values * 0.9)}`, `value<=${most(settings)}`],
      'errors{counted:yes}': ['rate==0'],
      'http_req_duration{phase:fault}': ['p(95)<250'],
    };
  },
});
export default journey;

function most({ cap = 150 }: Settings): number {
  return cap;
}
