import http, { type RefinedResponse, type ResponseType } from 'k6/http';
import { Rate } from 'k6/metrics';
import { exportClientSpan } from './client-span.ts';
import type { Random } from './random.ts';
import type { Settings, Target } from './settings.ts';
import type { Phase } from './timeline.ts';
import { traceContext } from './trace-headers.ts';

export interface GetOptions {
  /** Where the route has parameters; without it the route itself. */
  path?: string;
  query?: string;
  /** Statuses besides 2xx that are right here, whatever the phase; 0 is no answer. */
  expect?: number[];
  /** More tags on the metrics of this request, for a threshold of its own. */
  tags?: Record<string, string>;
  /** Keeps the body. */
  body?: true;
}

/** What a journey sends its requests with: one for each iteration. */
export interface Client {
  target: Target;
  /** Of the target, from 0. */
  position: number;
  random: Random;
  /** Sends `GET`; `route` is the template that the service counts it by. */
  get(route: string, options?: GetOptions): RefinedResponse<ResponseType>;
}

interface ClientOptions {
  scenario: string;
  settings: Settings;
  target: Target;
  position: number;
  random: Random;
  phase: () => Phase;
  /** Statuses besides 2xx that are right while the fault is active, by route. */
  expected: Record<string, number[]>;
}

/** Answers from 500 on, and none at all: expected ones, too. */
const errors = new Rate('errors');

/** A client of one service that tags what it measures by service, route and phase. */
export function createClient(options: ClientOptions): Client {
  const { scenario, settings, target, position, random, expected } = options;

  function get(route: string, { path = route, query, expect = [], tags: more = {}, body }: GetOptions = {}) {
    const phase = options.phase();
    const inFault = phase === 'fault' || phase === 'edge' ? (expected[route] ?? []) : [];
    const tags = { service: target.name, route, phase, counted: 'yes', ...more };
    const { headers, traceId, spanId } = traceContext({ ...settings, scenario }, random);
    const url = `${target.url}${path}`;
    const startMs = Date.now();
    const response = http.get(query === undefined ? url : `${url}?${query}`, {
      headers,
      tags: { ...tags, name: `GET ${route}` },
      responseCallback: http.expectedStatuses({ min: 200, max: 299 }, ...expect, ...inFault),
      responseType: body ? 'text' : 'none',
      timeout: '20s',
    });
    errors.add(response.status === 0 || response.status >= 500, tags);
    if (settings.traces === 'spans' && traceId !== undefined && spanId !== undefined) {
      const attributes = { 'test.run.id': settings.runId, 'test.scenario': scenario };
      const ends = { startMs, endMs: Date.now(), status: response.status };
      exportClientSpan(settings.otlpUrl, { traceId, spanId, url, ...ends, attributes });
    }
    return response;
  }

  return { target, position, random, get };
}
