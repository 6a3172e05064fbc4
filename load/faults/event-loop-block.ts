import { onServices } from '../lib/faults.ts';

/** `GET /api/slow` stops the event loop of the first service for a quarter of a second. */
export const eventLoopBlock = onServices('first', [
  { name: 'event-loop-block', kind: 'block', ms: 250, match: { route: '/api/slow' } },
]);
