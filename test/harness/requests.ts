import assert from 'node:assert/strict';
import type { Evidence } from '../../packages/evidence/src/index.ts';

/** A request, and how the service has to answer and to count it. */
export interface Request {
  /** GET by default. */
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
  /** The route template that it matches; absent when none does. */
  route?: string;
  /** 200 by default. */
  status?: number;
  /** The client goes away before the answer, so there is no status. */
  aborted?: boolean;
}

export interface Answer {
  status: number;
  headers: Headers;
  body: string;
}

interface Target {
  url: string;
  service: string;
  evidence: Tallier;
}

/** Whatever counts what was sent: an evidence, or a test's own list. */
export type Tallier = Pick<Evidence, 'tally'>;

/** Sends a request and tallies it. Fails when the answer has another status than it says. */
export async function sendRequest({ url, service, evidence }: Target, request: Request): Promise<Answer> {
  const { method = 'GET', path, headers = {}, body = null, status = 200 } = request;
  const response = await fetch(`${url}${path}`, { method, headers, body, signal: AbortSignal.timeout(20_000) });
  const answer = { status: response.status, headers: response.headers, body: await response.text() };
  assert.equal(answer.status, status, `${service}: ${method} ${path} answered ${answer.body}`);
  tally(evidence, service, request, 1);
  return answer;
}

/** Says that the tests have sent a request so often. */
export function tally(evidence: Tallier, service: string, request: Request, count: number): void {
  const { method = 'GET', route, status = 200, aborted = false } = request;
  const counted = { generator: 'test', service, method: countedMethod(method), count };
  evidence.tally([{ ...counted, ...(route !== undefined && { route }), ...(!aborted && { status }) }]);
}

/** Methods that semantic conventions do not know are counted as one, so that nobody can make labels up. */
export function countedMethod(method: string): string {
  return ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].includes(method) ? method : '_OTHER';
}
