/**
 * Bad release: a new version of the first service gets a fifth of its traffic, then all of it by a rolling restart, and is
 * rolled back the same way. `GET /api/users/:id` of the new version takes 300 to 500 ms. Old instances get their SIGTERM
 * while they serve: no request fails, and none is missing in any signal of either version.
 *
 * `npm start` has a gateway that releases. With `FAULT=off` the new version is as good as the old one.
 *
 * Moves: the latency of one route of one version, first of a fifth of its requests; `service.version` tells which.
 * Look: { span.http.route = "/api/users/:id" && kind = server && duration > 250ms } | by(resource.service.version)
 * By hand without a gateway: have a version ready whose environment has OTEL_RESOURCE_ATTRIBUTES=service.version=NEW and
 *   FAULTS=latency;route=/api/users/:id;minMs=300;maxMs=500;ttlMs=3600000. You are told when to give it 20 % of the
 *   traffic, when all of it, and when to roll back, and have a minute each time.
 * Takes: 7 min; 35 s with PACE=fast.
 */
import { sleep } from 'k6';
import { Rate, Trend } from 'k6/metrics';
import { browse } from '../journeys/browse.ts';
import { callPeer } from '../journeys/call-peer.ts';
import { mix } from '../journeys/mix.ts';
import { perVersion } from '../journeys/per-version.ts';
import { spansOf } from '../lib/backend.ts';
import type { Client } from '../lib/client.ts';
import { play, type Run } from '../lib/play.ts';
import { release } from '../lib/release.ts';
import { partAt } from '../lib/schedule.ts';
import { lengthOf, type Phase } from '../lib/timeline.ts';
import { traceIdOf } from '../lib/trace-headers.ts';
import { steady } from '../profiles/steady.ts';

const SHARE = 0.2;
const VERSION = {
  version: '0.2.0-bad',
  rule: { name: 'bad-release', kind: 'latency', minMs: 300, maxMs: 500, match: { route: '/api/users/:id' } },
};
const STEPS = {
  baseline: { stage: 'baseline', share: 0, byHand: '' },
  canary: { stage: 'canary', share: SHARE, byHand: `give the new version ${SHARE * 100} % of the traffic` },
  full: { stage: 'full', share: 1, byHand: 'give the new version all of the traffic, by a rolling restart' },
  rolledBack: { stage: 'rolled-back', share: 0, byHand: 'roll back to the old version, unless that is done' },
};
/** By hand, a step may take so long. */
const BY_HAND_S = 60;

/** What the new version makes slow. */
const KEY = 'route:/api/users/:id';
/** The kind of a span, as OTLP has it. */
const SERVER = 2;
/** The services export every half second in the demo. */
const EXPORTED_WITHIN_S = 2;
const versionOnSpan = new Rate('version_on_span');
const spanDuration = new Trend('span_duration', true);

export const { options, setup, journey, fault, watch, teardown, handleSummary } = play({
  name: 'bad-release',
  timeline: {
    normal: { baseline: 60, fault: 240, recovery: 90 },
    fast: { baseline: 4, fault: 14, recovery: 12 },
  },
  journey: perVersion(VERSION.version, stageByClock, mix([3, browse], [1, callPeer])),
  profile: steady(40),
  behindGateway: true,
  fault: () => [
    release(VERSION, { from: STEPS.baseline, to: STEPS.canary }),
    release(VERSION, { to: STEPS.full, until: STEPS.rolledBack }),
  ],
  watch: lookAtSpans,
  unchecked: ({ gatewayUrl, backendUrl }) => [
    ...(gatewayUrl === undefined ? ['which version answered: without a gateway, answers do not say it'] : []),
    ...(gatewayUrl === undefined || backendUrl === undefined
      ? ['service.version on the spans: that takes the local backend and a gateway']
      : []),
  ],
  // By the median, since an instance that has just been started is slow at first.
  thresholds: ({ settings: { gatewayUrl, backendUrl }, first, last }) => ({
    'errors{counted:yes}': ['rate==0'],
    'release_duration{stage:baseline}': ['med>0', 'med<250'],
    [`release_duration{stage:canary,${KEY}}`]: ['med<250', 'p(95)>250', 'p(95)<1000'],
    [`release_duration{stage:full,${KEY}}`]: ['med>250', 'p(95)<1000'],
    'release_duration{stage:full,route:/api/users}': ['med>0', 'med<250'],
    [`release_duration{stage:rolled-back,${KEY}}`]: ['med>0', 'med<250'],
    ...(last !== first && { [`http_req_duration{service:${last.name}}`]: ['p(95)<250'] }),
    ...(gatewayUrl !== undefined && {
      'on_new_version{stage:baseline}': ['rate==0'],
      'on_new_version{stage:canary}': ['rate>0.1', 'rate<0.3'],
      'on_new_version{stage:full}': ['rate==1'],
      'on_new_version{stage:rolled-back}': ['rate==0'],
      [`release_duration{version:new,${KEY}}`]: ['med>250', 'p(95)<1000'],
      [`release_duration{version:old,${KEY}}`]: ['med>0', 'med<250'],
    }),
    ...(gatewayUrl !== undefined &&
      backendUrl !== undefined && {
        version_on_span: ['rate==1'],
        'span_duration{version:new}': ['med>250', 'p(95)<1000'],
        'span_duration{version:old}': ['med>0', 'med<250'],
      }),
  }),
});
export default journey;

/** Whether the spans of some answers tell the version that gave them, and how long it took. */
function lookAtSpans([client]: Client[], _phase: Phase, { settings, timeline, elapsed }: Run) {
  const { gatewayUrl, backendUrl } = settings;
  const last = lengthOf(timeline) - EXPORTED_WITHIN_S;
  if (client === undefined || gatewayUrl === undefined || backendUrl === undefined || elapsed() > last) return;
  const answers = Array.from({ length: 1 / SHARE }, () => client.get('/api/users/:id', { path: '/api/users/1' }));
  sleep(EXPORTED_WITHIN_S);
  for (const { headers } of answers) {
    const span = spansOf(backendUrl, traceIdOf(headers)).find(({ kind }) => kind === SERVER);
    const servedBy = headers['X-Served-By'];
    versionOnSpan.add(span?.resource['service.version'] === servedBy);
    if (span === undefined) continue;
    spanDuration.add(span.durationUs / 1000, { version: servedBy === VERSION.version ? 'new' : 'old' });
  }
}

/** Where no gateway tells. */
function stageByClock({ timeline, elapsed }: Run): string {
  const { baseline, fault } = timeline;
  const now = elapsed();
  if (now < baseline) return 'baseline';
  if (now > baseline + fault + BY_HAND_S) return 'rolled-back';
  return partAt(['canary', 'full'], timeline, now, BY_HAND_S) ?? 'moving';
}
