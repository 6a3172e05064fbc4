/** Names of the time series that make up one classic histogram. */
const PARTS = /_(bucket|sum|count)$/;

/** The labels that tell the series of a metric apart: neither its name, nor a bucket's bound. */
export function seriesLabels({ __name__: _name, le: _le, ...labels }: Record<string, string>): Record<string, string> {
  return labels;
}

/** Equal for equal labels, in whatever order they came. */
export function keyOf(labels: Record<string, string>): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `le` as a number; `+Inf` is Infinity. */
export function boundOf(le: string): number {
  return le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le);
}

/** The metric that a name belongs to: `x_bucket` to `x`. */
export function withoutPart(name: string): string {
  return name.replace(PARTS, '');
}

/** One name per metric, from those of all time series: histograms once, as their buckets. */
export function metricsOf(names: string[]): { metric: string; name: string; histogram: boolean }[] {
  const all = new Set(names);
  return names
    .filter((name) => !isPartOf(name, all))
    .map((name) => {
      const histogram = name.endsWith('_bucket');
      return { metric: histogram ? withoutPart(name) : name, name, histogram };
    });
}

/** `x_sum` and `x_count` are said by `x_bucket` or, in a summary, by `x`. */
function isPartOf(name: string, all: Set<string>): boolean {
  const base = /_(sum|count)$/.test(name) ? withoutPart(name) : undefined;
  return base !== undefined && (all.has(`${base}_bucket`) || (all.has(base) && all.has(`${base}_sum`)));
}
