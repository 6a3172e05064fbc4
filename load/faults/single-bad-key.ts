import { onServices } from '../lib/faults.ts';

export const BAD_USER = 7;

/** One user cannot be opened. */
export const singleBadKey = onServices('every', [
  { name: 'single-bad-key', kind: 'error', status: 500, match: { route: '/api/users/:id', userId: `${BAD_USER}` } },
]);
