import type { Journey } from '../lib/play.ts';
import { between } from '../lib/random.ts';

/** Mostly opens one user; every eighth time asks for what takes no time by itself. */
export const browseWithRareWork: Journey = ({ get, random }) => {
  if (random() < 1 / 8) get('/api/slow', { query: 'ms=0' });
  else get('/api/users/:id', { path: `/api/users/${between(random, 1, 50)}` });
};
