import type { PointRecord } from '@clew/evidence';
import type { Client } from '../../http/client.ts';
import { message } from '../../json.ts';
import type { MetricReader, Sink, Window } from '../reader.ts';
import { resourceOfLabels } from '../resource.ts';
import { escapeRegex, quote, withMatcher } from '../selector.ts';
import { type PrometheusApi, prometheusApi } from './api.ts';
import { readExemplars } from './exemplars.ts';
import { histogramSeries } from './histogram-points.ts';
import { keyOf, metricsOf, seriesLabels } from './metric-name.ts';
import { type Counter, quietWindow } from './quiet-window.ts';
import { inSlices } from './slices.ts';
import { createWindowSeries, type WindowSeries } from './window-series.ts';

/** Counts requests, in the services that clew checks. */
const REQUESTS = 'http_server_request_duration_seconds';
const NO_HISTOGRAM = `no ${REQUESTS} found by the selector: does the service send it, and does Mimir add units to names (otel_metric_suffixes_enabled)?`;
const NOT_QUIET = 'requests at the ends of the window: choose --since and --until where none run';
/** How far before a window a series is looked for: what PromQL itself looks back. */
const LOOKBACK_US = 300_000_000;
/** Far over what a check lets pass, so that one query says how bad it is without holding all of it. */
const MOST_SERIES = 10_000;

/** Reads series, exemplars and histogram points of a scope from Prometheus, Mimir, or what speaks their API. */
export function createPrometheusReader(client: Client, selector: string, sink: Sink): MetricReader {
  const api = prometheusApi(client, sink);
  return {
    ping: () => api.ping(),
    close: () => client.close(),
    quietWindow: (window) => findQuietWindow(api, selector, window, sink),
    async read(window) {
      const withExemplars = await readAllExemplars(api, selector, window, sink);
      const names = await api.metricNames(selector, window);
      for (const { metric, name, histogram } of metricsOf(names)) {
        sink.progress(`metrics: ${metric}`);
        if (histogram && (metric === REQUESTS || withExemplars.has(metric))) {
          await readPoints(api, metric, selector, window, sink);
        } else {
          await readSeries(api, { metric, name, histogram }, selector, window, sink);
        }
      }
    },
  };
}

async function findQuietWindow(
  api: PrometheusApi,
  selector: string,
  window: Window,
  sink: Sink,
): Promise<Window | string> {
  const readSinceUs = window.sinceUs - LOOKBACK_US;
  // As far past the window as there is: a counter must have been read after its end.
  const read = { sinceUs: readSinceUs, untilUs: Math.max(window.untilUs, Date.now() * 1000) };
  const counts = withMatcher(selector, `__name__="${REQUESTS}_count"`);
  const counters = new Map<string, Counter>();
  for await (const { answer } of inSlices(read, (slice) => api.rawSamples(counts, slice))) {
    for (const { labels, samples } of answer) {
      const counter = counters.get(keyOf(labels));
      if (counter) counter.samples.push(...samples);
      else counters.set(keyOf(labels), { samples });
    }
  }
  if (counters.size === 0) {
    sink.gap('metrics', NO_HISTOGRAM);
    return NO_HISTOGRAM;
  }
  return quietWindow([...counters.values()], window, readSinceUs) ?? NOT_QUIET;
}

/** Returns the metrics that have any. */
async function readAllExemplars(
  api: PrometheusApi,
  selector: string,
  window: Window,
  sink: Sink,
): Promise<Set<string>> {
  const metrics = new Set<string>();
  sink.progress('exemplars');
  for await (const { slice, answer } of inSlices(window, (part) => api.exemplars(selector, part))) {
    for (const series of answer) {
      const { labels, exemplars, withoutTrace } = readExemplars(message(series), slice);
      for (const { metric } of exemplars) metrics.add(metric);
      if (exemplars.length > 0) sink.write([{ resource: { attributes: resourceOfLabels(labels) }, exemplars }]);
      if (withoutTrace > 0) sink.gap('metrics', 'exemplar without a trace id', withoutTrace);
    }
  }
  return metrics;
}

/** Raw points of one histogram, counted from the beginning of the window. */
async function readPoints(
  api: PrometheusApi,
  metric: string,
  selector: string,
  window: Window,
  sink: Sink,
): Promise<void> {
  const parts = withMatcher(selector, `__name__=~${quote(`${escapeRegex(metric)}_(bucket|sum|count)`)}`);
  const known = new Map<string, WindowSeries>();
  const seriesOf = (labels: Record<string, string>) => {
    const key = keyOf(labels);
    const series = known.get(key) ?? createWindowSeries(metric, labels, window.sinceUs);
    known.set(key, series);
    return series;
  };
  const samplesOf = (slice: Window) => api.rawSamples(parts, slice);
  for await (const { answer } of inSlices(before(window), samplesOf)) {
    for (const { labels, points } of histogramSeries(answer)) {
      const last = points.at(-1);
      if (last) seriesOf(labels).before(last);
    }
  }
  for await (const { answer: found } of inSlices(window, samplesOf)) {
    if (found.some(({ native }) => native)) sink.gap('metrics', `native histogram ${metric}: its buckets are not read`);
    for (const { labels, points: raw } of histogramSeries(found)) {
      const series = seriesOf(labels);
      const points = raw.flatMap((point) => series.next(point));
      sink.write([{ resource: { attributes: resourceOfLabels(labels) }, points }]);
    }
  }
}

function before({ sinceUs }: Window): Window {
  return { sinceUs: sinceUs - LOOKBACK_US, untilUs: sinceUs };
}

/**
 * That the series are there, one point without a value each: only their number is checked. It is at the beginning, because
 * the end of the window moves when there are too many log lines.
 */
async function readSeries(
  api: PrometheusApi,
  { metric, name, histogram }: { metric: string; name: string; histogram: boolean },
  selector: string,
  window: Window,
  sink: Sink,
): Promise<void> {
  // A histogram's buckets are one series here: its count tells them apart just as well.
  const found = await api.series(histogram ? `${metric}_count` : name, selector, window, MOST_SERIES);
  if (found.length >= MOST_SERIES) sink.gap('metrics', `series of ${metric} after the first ${MOST_SERIES}`);
  sink.write(
    found.map((all) => {
      const labels = seriesLabels(all);
      const point: PointRecord = { metric, type: 'unknown', labels, timeUs: window.sinceUs, source: 'scrape' };
      return { resource: { attributes: resourceOfLabels(labels) }, points: [point] };
    }),
  );
}
