/**
 * Log flood: every `GET /api/users` writes many lines more, about 1,000 a second in all (`CAP`). No request fails or gets
 * slow; the bill for logs does.
 *
 * Moves: log lines per second of every service.
 * Look: sum by (service_name) (rate({service_name=~".+"} |= "fault log line" [1m]))
 * Takes: 4 min; 30 s with PACE=fast.
 */
import { Trend } from 'k6/metrics';
import { browse } from '../journeys/browse.ts';
import { logLinesIn } from '../lib/backend.ts';
import { hitsOf, onServices } from '../lib/faults.ts';
import { play, type Run } from '../lib/play.ts';
import type { Settings } from '../lib/settings.ts';
import { steady } from '../profiles/steady.ts';

const RATE = 20;
const linesPerSecond = new Trend('log_lines_per_second');
/** Of the one VU that watches: lines so far, and when that was. */
let last: { lines: number; seconds: number } | undefined;

export const { options, setup, journey, fault, watch, teardown, handleSummary } = play({
  name: 'log-flood',
  timeline: {
    normal: { baseline: 60, fault: 120, recovery: 60 },
    fast: { baseline: 8, fault: 12, recovery: 10 },
  },
  hurts: true,
  journey: browse,
  profile: steady(RATE),
  fault: onServices('every', ({ settings }) => [
    { name: 'log-flood', kind: 'log-flood', lines: linesPerRequest(settings), match: { route: '/api/users' } },
  ]),
  watch(_clients, phase, run) {
    const now = { lines: linesSoFar(run), seconds: run.elapsed() };
    // A rule that has ended has no hits any more.
    if (last !== undefined && now.lines >= last.lines) {
      linesPerSecond.add((now.lines - last.lines) / (now.seconds - last.seconds), { phase });
    }
    last = now;
  },
  thresholds: ({ settings }) => ({
    'log_lines_per_second{phase:baseline}': [`med<${most(settings) / 4}`],
    'log_lines_per_second{phase:fault}': [`med>${most(settings) * 0.6}`, `med<${most(settings) * 1.5}`],
    'errors{counted:yes}': ['rate==0'],
    'http_req_duration{phase:fault}': ['p(95)<250'],
  }),
});
export default journey;

/** What the local backend has received; without one, what the services were made to write. */
function linesSoFar({ settings }: Run): number {
  if (settings.backendUrl !== undefined) return logLinesIn(settings.backendUrl);
  if (!settings.fault) return 0;
  const hits = settings.targets.map((target) => hitsOf(target, settings).get('log-flood') ?? 0);
  return hits.reduce((sum, one) => sum + one, 0) * linesPerRequest(settings);
}

function linesPerRequest(settings: Settings): number {
  return Math.max(1, Math.round(most(settings) / (RATE * settings.rate)));
}

function most({ cap = 1000 }: Settings): number {
  return cap;
}
