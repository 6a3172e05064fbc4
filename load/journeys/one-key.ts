import type { Journey } from '../lib/play.ts';
import { between } from '../lib/random.ts';

/** Opens one user of many, this one every twentieth time. Requests are tagged `key:this` or `key:other`. */
export function oneKey(key: number): Journey {
  return ({ get, random }) => {
    const isKey = random() < 0.05;
    const id = isKey ? key : key + between(random, 1, 40);
    get('/api/users/:id', { path: `/api/users/${id}`, tags: { key: isKey ? 'this' : 'other' } });
  };
}
