import type { Journey } from '../lib/play.ts';
import { between } from '../lib/random.ts';

/** Data from the peer, asked of the first service only; one user of either, which needs no peer. */
export const callerAndBystander: Journey = ({ position, get, random }) => {
  if (position === 0) get('/api/data');
  get('/api/users/:id', { path: `/api/users/${between(random, 1, 50)}` });
};
