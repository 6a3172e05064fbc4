import { type Evidence, listServices, runChecks, summary } from '@clew/evidence';
import type { FastifyInstance } from 'fastify';
import type { ApiDeps } from '../api.ts';

export function overviewRoutes(app: FastifyInstance, { store, faults, scraper }: ApiDeps): void {
  const { evidence } = store;

  app.get('/api/services', { schema: { summary: 'services and what each has sent' } }, async () =>
    listServices(evidence),
  );

  app.get(
    '/api/summary',
    { schema: { summary: 'counts per signal, share of linked exemplars and logs, gaps, targets, faults' } },
    async () => ({
      ...summary(evidence),
      linked: linked(evidence),
      targets: scraper.list(),
      faults: faults.list(),
    }),
  );
}

/** Exemplars are exported at other times than the spans they point at, so what is new may still miss its other half. */
const settledUs = 15_000_000;
const windowUs = 60_000_000;

/** How many of the exemplars and log lines of about the last minute lead to their span; `rate` is null without any. */
function linked(evidence: Evidence): { checked: number; held: number; rate: number | null } {
  const until = Date.now() * 1000 - settledUs;
  const results = runChecks(evidence, { only: ['exemplar-trace', 'log-trace'], since: until - windowUs, until });
  const checked = results.reduce((sum, result) => sum + result.checked, 0);
  const held = results.reduce((sum, result) => sum + result.held, 0);
  return { checked, held, rate: checked === 0 ? null : held / checked };
}
