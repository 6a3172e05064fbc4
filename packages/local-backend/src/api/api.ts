import Fastify, { type FastifyInstance } from 'fastify';
import type { Faults } from '../faults.ts';
import type { LogLines } from '../log-lines/log-lines.ts';
import { pageRoutes } from '../page/page.ts';
import type { Scraper } from '../scrape/scraper.ts';
import type { ServiceFaults } from '../service-faults.ts';
import { type Store, StoreError } from '../store/store.ts';
import { refuseForeignRequests } from './guard.ts';
import { checkRoutes } from './routes/checks.ts';
import { faultRoutes } from './routes/faults.ts';
import { indexRoute } from './routes/index.ts';
import { logRoutes } from './routes/logs.ts';
import { metricRoutes } from './routes/metrics.ts';
import { overviewRoutes } from './routes/overview.ts';
import { serviceFaultRoutes } from './routes/service-faults.ts';
import { tallyRoutes } from './routes/tallies.ts';
import { targetRoutes } from './routes/targets.ts';
import { traceRoutes } from './routes/traces.ts';

/** What the API shows and steers. */
export interface ApiDeps {
  store: Store;
  /** Of the receivers. */
  faults: Faults;
  serviceFaults: ServiceFaults;
  scraper: Scraper;
  logLines: LogLines;
  /** Where OTLP is received. */
  otlp: { grpc: string; http: string };
}

/** The page and the JSON API, not listening yet. `host` is where it will. */
export function buildApi(deps: ApiDeps, host: string): FastifyInstance {
  const app = Fastify({
    // A misspelt filter would find everything; better to hear of it.
    ajv: { customOptions: { removeAdditional: false } },
    forceCloseConnections: true,
    return503OnClosing: false,
  });
  // Bodies are JSON: that a page elsewhere cannot send without being asked first, text it can.
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', refuseForeignRequests(host));
  // What is not written yet, such as gaps, is part of the answer.
  app.addHook('preHandler', async () => deps.store.flush());
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error instanceof StoreError ? 503 : (error.statusCode ?? 500);
    return reply.status(status).send({ error: error.message });
  });
  app.setNotFoundHandler((request, reply) =>
    reply.status(404).send({ error: `there is no ${request.method} ${request.url}; GET /api lists what there is` }),
  );

  pageRoutes(app);
  indexRoute(app);
  overviewRoutes(app, deps);
  traceRoutes(app, deps);
  logRoutes(app, deps);
  metricRoutes(app, deps);
  checkRoutes(app, deps);
  tallyRoutes(app, deps);
  targetRoutes(app, deps);
  faultRoutes(app, deps);
  serviceFaultRoutes(app, deps);
  return app;
}
