import type { Request } from './requests.ts';

/** A request and what every signal says about it. */
export interface ExpectedRequest extends Request {
  status: number;
  /** Of 5xx. */
  errorType?: string;
  /** What stands on span and completion line besides. */
  notes?: Record<string, string>;
}

const json = { 'content-type': 'application/json' };

/** Every endpoint, with everything that can come of a request to it, and what no route answers. */
export const everyEndpoint: ExpectedRequest[] = [
  { path: '/', route: '/', status: 200 },
  { path: '/openapi.json', route: '/openapi.json', status: 200 },
  { path: '/api/users?limit=3', route: '/api/users', status: 200 },
  { path: '/api/users?limit=0', route: '/api/users', status: 400 },
  { path: '/api/users?unknown=1', route: '/api/users', status: 400 },
  { method: 'HEAD', path: '/api/users', route: '/api/users', status: 200 },
  { path: '/api/users/7', route: '/api/users/:id', status: 200, notes: { 'user.id': '7' } },
  { path: '/api/users/999999', route: '/api/users/:id', status: 404, notes: { 'user.id': '999999' } },
  { path: '/api/users/nobody', route: '/api/users/:id', status: 400 },
  { path: '/api/data', route: '/api/data', status: 200 },
  { path: '/api/slow?ms=30', route: '/api/slow', status: 200 },
  { path: '/api/slow?ms=300', route: '/api/slow', status: 200 },
  { path: '/api/slow', route: '/api/slow', status: 200 },
  { path: '/api/error', route: '/api/error', status: 500, errorType: 'Error' },
  { path: '/api/error?type=exception', route: '/api/error', status: 500, errorType: 'Error' },
  { path: '/api/error?type=timeout', route: '/api/error', status: 504, errorType: 'timeout' },
  { path: '/api/error?type=dependency', route: '/api/error', status: 502, errorType: 'dependency' },
  { path: '/api/error?type=validation', route: '/api/error', status: 400 },
  { path: '/api/error?type=nonsense', route: '/api/error', status: 400 },
  { path: '/nothing/here?really=1', status: 404 },
  { method: 'POST', path: '/nothing/here', headers: json, body: '{"a":1}', status: 404 },
  { method: 'POST', path: '/api/users', headers: json, body: '{"name":"Ada"}', status: 405 },
  { method: 'PURGE', path: '/api/users', status: 405 },
];

/** They leave no span, no point and no line. */
export const probes = ['/health', '/livez', '/ready', '/readyz'];
