import type { Attributes } from './records.ts';

/** The histogram that counts requests, in Prometheus form. */
export const REQUEST_HISTOGRAM = 'http_server_request_duration_seconds';

/** The message of the one line that a service writes when a request has ended. */
export const COMPLETION_MESSAGE = 'request completed';

/** What requests are counted by, beside the service. */
export interface Request {
  method: string;
  /** Template; '' when nothing matched. */
  route: string;
  /** 0 when the client went away before the answer. */
  status: number;
}

/** The HTTP request that span or log attributes speak of (stable semantic conventions), if they do. */
export function requestOfAttributes(attributes: Attributes): Request | undefined {
  const method = attributes['http.request.method'];
  if (typeof method !== 'string') return undefined;
  return request(method, attributes['http.route'], attributes['http.response.status_code']);
}

/** The HTTP requests that a series of `REQUEST_HISTOGRAM` counts. */
export function requestOfLabels(labels: Record<string, string>): Request {
  return request(labels.http_request_method ?? '', labels.http_route, labels.http_response_status_code);
}

function request(method: string, route: unknown, status: unknown): Request {
  return { method, route: typeof route === 'string' ? route : '', status: statusCode(status) };
}

/** An HTTP status code; 0 where it is none. */
export function statusCode(status: unknown): number {
  const code = Number(status);
  return Number.isInteger(code) && code >= 100 && code <= 999 ? code : 0;
}
