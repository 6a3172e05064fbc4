/**
 * Smoke: every endpoint of every service answers as it should, also those that fail on purpose.
 *
 * The same journey under more load by `--profile`: stress (climbs to ten times the usual rate and comes back), soak (the
 * usual rate for four hours), breakpoint (climbs until something gives, which ends it).
 *
 * Moves: nothing; the first thing to run against a new deployment.
 * Takes: 10 s; stress 10 min, soak 4 h, breakpoint at most 20 min.
 */
import { everyEndpoint } from '../journeys/every-endpoint.ts';
import { type Profile, play } from '../lib/play.ts';
import { readSettings } from '../lib/settings.ts';
import { breakpoint } from '../profiles/breakpoint.ts';
import { smoke } from '../profiles/smoke.ts';
import { steady } from '../profiles/steady.ts';
import { stress } from '../profiles/stress.ts';

const ITERATIONS = 20;
/** Iterations per second, of eleven requests each. */
const USUAL = 2;

const { profile } = readSettings(__ENV);
const loads: Record<typeof profile, { seconds: number; profile: Profile }> = {
  smoke: { seconds: 60, profile: smoke(ITERATIONS) },
  stress: { seconds: 600, profile: stress(USUAL, 10) },
  soak: { seconds: 4 * 3600, profile: steady(USUAL) },
  breakpoint: { seconds: 1200, profile: breakpoint(USUAL, 100) },
};
const load = loads[profile];
const timelineOf = (baseline: number) => ({ baseline, fault: 0, recovery: 0 });
const abort = (threshold: string) => [{ threshold, abortOnFail: true, delayAbortEval: '10s' }];

export const { options, setup, journey, teardown, handleSummary } = play({
  name: 'smoke',
  timeline: { normal: timelineOf(load.seconds), fast: timelineOf(30) },
  journey: everyEndpoint,
  profile: load.profile,
  thresholds: () => ({
    checks: ['rate==1'],
    'http_req_duration{counted:yes}': ['p(95)<500'],
    ...(profile === 'smoke' && { iterations: [`count==${ITERATIONS}`] }),
    ...(profile === 'breakpoint' && {
      'http_req_failed{counted:yes}': abort('rate<0.01'),
      'http_req_duration{counted:yes}': abort('p(95)<500'),
    }),
  }),
});
export default journey;
