import { STATUS_CODES } from 'node:http';
import { isSpanContextValid, trace } from '@opentelemetry/api';
import { type Static, Type } from 'typebox';

/** Body of every answer from 400 on: RFC 9457, and the trace in which to look. */
export const problemSchema = Type.Object(
  {
    type: Type.String({ description: 'about:blank: the status says it all.' }),
    title: Type.String({ description: 'Of the status.' }),
    status: Type.Integer(),
    detail: Type.String({ description: 'What went wrong this time.' }),
    code: Type.Optional(Type.String({ description: 'What a program can tell one cause from another by.' })),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          in: Type.String({ description: 'params, querystring, headers or body.' }),
          field: Type.String(),
          detail: Type.String(),
        }),
        { description: 'What was wrong with the input, at most 10 entries.' },
      ),
    ),
    trace_id: Type.Optional(Type.String({ description: 'Absent where nothing was traced.' })),
  },
  { title: 'Problem' },
);

export type Problem = Static<typeof problemSchema>;

export const problemMediaType = 'application/problem+json';

/**
 * Makes the body of an answer that is a problem, in the current trace.
 *
 * @param status 400 to 599.
 * @param detail For whoever called: no internals.
 */
export function problem(status: number, detail: string, more: Pick<Problem, 'code' | 'errors'> = {}): Problem {
  const span = trace.getActiveSpan()?.spanContext();
  const traced = span !== undefined && isSpanContextValid(span) ? { trace_id: span.traceId } : {};
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, ...more, ...traced };
}

/** The `response` entries of a route schema for the problems it may answer with, besides those of every route. */
export function problemResponses(...statuses: number[]) {
  const entries = [...statuses, 500, 503].map((status) => [
    status,
    { description: STATUS_CODES[status], content: { [problemMediaType]: { schema: problemSchema } } },
  ]);
  return Object.fromEntries(entries) as Record<number, { description: string; content: object }>;
}

interface ProblemOptions {
  /** `error.type` in telemetry and `code` in the answer: a low-cardinality word such as `peer_timeout`. */
  code?: string;
  cause?: unknown;
  errors?: Problem['errors'];
  headers?: Record<string, string>;
  /** `false`: no line for it in the log, even as a 5xx. */
  logged?: boolean;
}

/** Thrown to answer with a problem whose `detail` may be read by whoever called, unlike that of any other 5xx. */
export class ProblemError extends Error {
  override name = 'ProblemError';
  readonly statusCode: number;
  readonly code: string | undefined;
  readonly errors: Problem['errors'];
  readonly headers: Record<string, string>;
  readonly logged: boolean;

  constructor(statusCode: number, detail: string, options: ProblemOptions = {}) {
    super(detail, { cause: options.cause });
    this.statusCode = statusCode;
    this.code = options.code;
    this.errors = options.errors;
    this.headers = options.headers ?? {};
    this.logged = options.logged ?? true;
  }
}
