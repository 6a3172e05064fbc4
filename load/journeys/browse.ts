import type { Journey } from '../lib/play.ts';
import { between } from '../lib/random.ts';

/** Looks at a list of users, then at one of them. */
export const browse: Journey = ({ get, random }) => {
  get('/api/users', { query: `limit=${between(random, 1, 10)}` });
  get('/api/users/:id', { path: `/api/users/${between(random, 1, 50)}` });
};
