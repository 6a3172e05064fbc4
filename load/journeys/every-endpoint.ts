import { check } from 'k6';
import type { Journey } from '../lib/play.ts';
import { between } from '../lib/random.ts';

/** Asks for everything once, also for what fails on purpose. */
export const everyEndpoint: Journey = ({ target, get, random }) => {
  const root = get('/', { body: true });
  check(root, { 'is the service of TARGETS': ({ status, body }) => status === 200 && nameIn(body) === target.name });
  get('/api/users', { query: 'limit=3' });
  get('/api/users', { query: 'limit=0', expect: [400] });
  get('/api/users/:id', { path: `/api/users/${between(random, 1, 50)}` });
  get('/api/users/:id', { path: '/api/users/999999', expect: [404] });
  get('/api/data');
  get('/api/slow', { query: `ms=${between(random, 0, 100)}` });
  get('/api/error', { query: 'type=exception', expect: [500] });
  get('/api/error', { query: 'type=timeout', expect: [504] });
  get('/api/error', { query: 'type=dependency', expect: [502] });
  get('/api/error', { query: 'type=validation', expect: [400] });
};

function nameIn(body: unknown): unknown {
  return (JSON.parse(String(body)) as { name?: unknown }).name;
}
