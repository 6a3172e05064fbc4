import type { StoredSpan } from '../../packages/evidence/src/index.ts';
import type { ExpectedRequest } from './every-endpoint.ts';
import { countedMethod } from './requests.ts';

const ERROR = 2;

/** The part of a span that depends on its request alone. */
export interface SpanShape {
  name: string;
  status: number;
  attributes: Record<string, unknown>;
}

/** What the SERVER span of a request has to be, by the HTTP conventions. */
export function expectedSpan({ method = 'GET', path, route, status, errorType, notes }: ExpectedRequest): SpanShape {
  const [urlPath, query] = path.split('?');
  const counted = countedMethod(method);
  const attributes = {
    'http.request.method': counted,
    'url.scheme': 'http',
    'url.path': urlPath,
    'http.response.status_code': status,
    ...(counted !== method && { 'http.request.method_original': method }),
    ...(route !== undefined && { 'http.route': route }),
    ...(query !== undefined && { 'url.query': query.replace(/=.*/, '=REDACTED') }),
    ...(errorType !== undefined && { 'error.type': errorType }),
    ...notes,
  };
  const name = [counted === method ? method : 'HTTP', ...(route === undefined ? [] : [route])].join(' ');
  return { name, status: status >= 500 ? ERROR : 0, attributes };
}

/** The same part of a span that came. */
export function shapeOf({ name, status, attributes }: StoredSpan): SpanShape {
  const { 'exemplar.recorded': _, ...rest } = attributes; // depends on what came before
  return { name, status, attributes: rest };
}

/** In an order that depends on nothing but the shapes. */
export function inOrder(shapes: SpanShape[]): SpanShape[] {
  const key = ({ name, attributes }: SpanShape) =>
    JSON.stringify([name, ...Object.entries(attributes).map(String).sort()]);
  return shapes.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}
