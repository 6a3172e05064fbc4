import { type Evidence, listEdges, listServices, runChecks, summary } from '@clew/evidence';
import type { FastifyInstance } from 'fastify';
import type { ApiDeps } from '../api.ts';

export function overviewRoutes(app: FastifyInstance, { store, faults, scraper, otlp }: ApiDeps): void {
  const { evidence } = store;

  app.get('/api/services', { schema: { summary: 'services and what each has sent' } }, async () =>
    listServices(evidence),
  );

  app.get('/api/edges', { schema: { summary: 'who calls whom, by the newest spans' } }, async () =>
    listEdges(evidence),
  );

  app.get(
    '/api/summary',
    { schema: { summary: 'counts per signal, share of linked exemplars and logs, gaps, targets, faults, addresses' } },
    async () => ({
      ...summary(evidence),
      linked: linked(evidence),
      targets: scraper.list(),
      faults: faults.list(),
      otlp,
      // For `clew verify --backend local`; null in memory.
      file: evidence.db.location(),
    }),
  );
}

/** Exemplars are exported at other times than the spans they point at, so what is new may still miss its other half. */
const settledUs = 15_000_000;
const windowUs = 60_000_000;

interface Linked {
  checked: number;
  held: number;
  /** Null when nothing was checked. */
  rate: number | null;
}

/** How many of the exemplars and log lines of about the last minute lead to their span. */
function linked(evidence: Evidence): Linked & { exemplars: Linked; logs: Linked } {
  const until = Date.now() * 1000 - settledUs;
  const window = { since: until - windowUs, until };
  const [exemplars, logs] = ['exemplar-trace', 'log-trace'].map((only) =>
    share(runChecks(evidence, { only: [only], ...window })),
  ) as [Linked, Linked]; // one for each
  return { ...share([exemplars, logs]), exemplars, logs };
}

function share(results: { checked: number; held: number }[]): Linked {
  const checked = results.reduce((sum, result) => sum + result.checked, 0);
  const held = results.reduce((sum, result) => sum + result.held, 0);
  return { checked, held, rate: checked === 0 ? null : held / checked };
}
