import { subscribe } from 'node:diagnostics_channel';
import { type Attributes, trace } from '@opentelemetry/api';
import { Counter, collectDefaultMetrics, Gauge, Histogram, type OpenMetricsContentType, Registry } from 'prom-client';
import { exemplarLabels, withoutOldExemplars } from './exemplars.ts';
import { copySdkMetrics } from './sdk-metrics.ts';

// The boundaries that semantic conventions advise, so that the series equal those that come over OTLP.
// https://opentelemetry.io/docs/specs/semconv/http/http-metrics/#metric-httpserverrequestduration
const BOUNDARIES = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
// Attribute -> label, as the translation from OTLP to Prometheus has it.
const LABELS = [
  ['http.request.method', 'http_request_method'],
  ['url.scheme', 'url_scheme'],
  ['http.route', 'http_route'],
  ['http.response.status_code', 'http_response_status_code'],
  ['error.type', 'error_type'],
] as const;

// OpenMetrics and nothing else: exemplars need it, and prom-client cannot render both formats from one registry.
const registry = new Registry<OpenMetricsContentType>();
registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE); // before the histogram: exemplars are refused otherwise
collectDefaultMetrics({ register: registry });

const duration = new Histogram({
  name: 'http_server_request_duration_seconds',
  help: 'Duration of HTTP server requests.',
  labelNames: LABELS.map(([, label]) => label),
  buckets: BOUNDARIES,
  enableExemplars: true,
  registers: [registry],
});

/** One label set of the histogram. Made once: there are few, and each request has one of them. */
interface Series {
  labels: Record<string, string>;
  /** By bucket: the interval in which it last gave an exemplar. */
  exemplarGiven: number[];
}
/** The series found so far, a step for each label: a key that is joined from all of them takes longer to make. */
interface Step {
  next: Map<Attributes[string], Step>;
  series?: Series;
}
const known: Step = { next: new Map() };

/** Records one request, in the active context. */
export function recordRequest(seconds: number, attributes: Attributes): void {
  const series = seriesOf(attributes);
  const bucket = BOUNDARIES.findIndex((bound) => seconds <= bound) + 1; // 0 is +Inf
  const exemplar = exemplarLabels(series.exemplarGiven, bucket, trace.getActiveSpan());
  // With exemplars enabled only this form works: `observe(labels, value)` throws.
  if (exemplar) duration.observe({ labels: series.labels, value: seconds, exemplarLabels: exemplar });
  else duration.observe({ labels: series.labels, value: seconds });
}

function seriesOf(attributes: Attributes): Series {
  let step = known;
  for (const [attribute] of LABELS) step = stepFrom(step, attributes[attribute]);
  step.series ??= newSeries(attributes);
  return step.series;
}

function stepFrom({ next }: Step, value: Attributes[string]): Step {
  let step = next.get(value);
  if (!step) {
    step = { next: new Map() };
    next.set(value, step);
  }
  return step;
}

function newSeries(attributes: Attributes): Series {
  const present = LABELS.filter(([attribute]) => attributes[attribute] !== undefined);
  const labels = Object.fromEntries(present.map(([attribute, label]) => [label, String(attributes[attribute])]));
  return { labels, exemplarGiven: [] };
}

const rejected = new Counter({
  name: 'clew_http_server_rejected_total',
  help: 'Requests refused before routing: unparsable, too long, timed out.',
  labelNames: ['error_type'],
  registers: [registry],
});
subscribe('clew.request.rejected', (message) => {
  rejected.inc({ error_type: (message as { reason: string }).reason });
});

// Faults that were asked for: what a panel or an alert shows has to be told from what somebody has switched on.
const activeFaults = new Gauge({
  name: 'clew_fault_active',
  help: '1 while a fault is active, 0 when it has ended.',
  labelNames: ['clew_fault_name', 'clew_fault_source'],
  registers: [registry],
});
subscribe('clew.fault', (message) => {
  const { name, source, active } = message as { name: string; source: string; active: boolean };
  activeFaults.set({ clew_fault_name: name, clew_fault_source: source }, active ? 1 : 0);
});

const faultLabels = new Counter({
  name: 'clew_fault_labels_total',
  help: 'Label values that faults of the kind labels have made up.',
  labelNames: ['value'],
  registers: [registry],
});
subscribe('clew.fault.label', (message) => {
  faultLabels.inc({ value: (message as { value: string }).value });
});

export const contentType = registry.contentType;

/** The page that a scrape gets. */
export async function renderMetrics(): Promise<string> {
  await copySdkMetrics(registry);
  return withoutOldExemplars(await registry.metrics());
}
