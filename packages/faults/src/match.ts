import type { IncomingHttpHeaders } from 'node:http';
import type { Match } from './rule.ts';

/** What a rule can tell requests apart by. */
export interface Subject {
  /** Template, such as `/api/users/:id`. */
  route: string;
  method: string;
  headers: IncomingHttpHeaders;
  userId: string | undefined;
}

/** Whether everything but `share` holds for the request. */
export function fits({ route, method, header = {}, userId }: Match, subject: Subject): boolean {
  return (
    (route === undefined || route === subject.route) &&
    (method === undefined || method === subject.method) &&
    (userId === undefined || userId === subject.userId) &&
    Object.entries(header).every(([name, value]) => subject.headers[name.toLowerCase()] === value)
  );
}
