/**
 * What a reader hands to the store, one type per signal. Times are microseconds since the Unix epoch, durations
 * microseconds; ids are lower-case hex. The store keeps ids as blobs and refuses nothing: an id that is malformed is
 * kept as it came, because finding it is the job of a check.
 */

/** `key -> value` as it came; dates, ids and arrays as JSON values. */
export type Attributes = Record<string, unknown>;

/** The entity that produced telemetry: OTLP resource attributes, or the target labels of a scrape or a log stream. */
export interface Resource {
  attributes: Attributes;
}

export interface SpanRecord {
  traceId: string;
  spanId: string;
  /** Absent on a root span. */
  parentSpanId?: string;
  name: string;
  /** As in OTLP: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number;
  startUs: number;
  durationUs: number;
  /** As in OTLP: 0 unset, 1 ok, 2 error. */
  status: number;
  statusMessage?: string;
  scope?: string;
  attributes: Attributes;
  events?: { name: string; timeUs: number; attributes: Attributes }[];
  links?: { traceId: string; spanId: string; attributes: Attributes }[];
}

export interface LogRecord {
  timeUs: number;
  /** `trace`, `debug`, `info`, `warn`, `error` or `fatal`; absent when the line had none. */
  level?: string;
  body: string;
  traceId?: string;
  spanId?: string;
  /** W3C trace flags; bit 0 says sampled. */
  traceFlags?: number;
  attributes: Attributes;
  /** Which way it came. */
  source: 'otlp' | 'stdout';
}

/**
 * One point of one series, in Prometheus form whichever way it came: `http_server_request_duration_seconds` with
 * labels, without `le`. Counters and histograms are cumulative from `startUs`.
 */
export interface PointRecord {
  metric: string;
  type: 'counter' | 'gauge' | 'histogram' | 'summary' | 'unknown';
  labels: Record<string, string>;
  timeUs: number;
  startUs?: number;
  source: 'otlp' | 'scrape';
  /** Counters and gauges. */
  value?: number;
  /** Histograms: `bounds` are the finite upper bounds, `counts` has one more entry (+Inf last), not cumulated over `le`. */
  histogram?: { bounds: number[]; counts: number[]; sum?: number; count: number };
}

export interface ExemplarRecord {
  metric: string;
  /** Of the series, as in its point. */
  labels: Record<string, string>;
  /** Upper bound of its bucket as a number; `Infinity` for the last; absent on a counter. */
  le?: number;
  value: number;
  timeUs: number;
  traceId: string;
  spanId: string;
  /** Its labels beside the ids; over OTLP its filtered attributes. */
  attributes?: Attributes;
  source: 'otlp' | 'scrape';
}

/**
 * How many requests a load generator sent and what it saw. Counts of several records add up; a count of 0 says that the
 * generator sends to the service, so that a service which only peers call is counted in full, too.
 */
export interface TallyRecord {
  generator: string;
  service: string;
  method: string;
  /** Route template; absent when the request matches none. */
  route?: string;
  /** Absent when the client went away before the answer. */
  status?: number;
  count: number;
}

/** What the store does not hold, and why: never silently. */
export interface GapRecord {
  kind: 'evicted' | 'rejected' | 'uncheckable';
  signal: 'traces' | 'metrics' | 'logs';
  reason: string;
  count: number;
  timeUs: number;
}

/** Records of one resource. A write takes several and is one transaction. */
export interface Batch {
  resource: Resource;
  spans?: SpanRecord[];
  logs?: LogRecord[];
  points?: PointRecord[];
  exemplars?: ExemplarRecord[];
}
