import { onServices } from '../lib/faults.ts';

/** Every twentieth `GET /api/users` takes about a second. */
export const latencyTail = onServices('every', [
  { name: 'latency-tail', kind: 'latency', minMs: 800, maxMs: 1200, match: { route: '/api/users', share: 0.05 } },
]);
