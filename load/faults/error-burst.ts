import { onServices } from '../lib/faults.ts';

/** About every third `GET /api/users` answers 500. */
export const errorBurst = onServices('every', [
  { name: 'error-burst', kind: 'error', status: 500, match: { route: '/api/users', share: 0.3 } },
]);
