import type { DataSource, Tag } from './data-sources.ts';

/** What Grafana has of a span when it makes its links: attributes of the span and of its resource together. */
export interface LinkedSpan {
  traceId: string;
  spanId: string;
  attributes: Record<string, unknown>;
}

/**
 * Fills a link of a data source with a span, as Grafana does: `${__tags}` and `$__tags` become matchers of those tags
 * that the span has, `${__trace.traceId}` and `${__span.spanId}` its ids, `$__rate_interval` what a panel would choose.
 *
 * @returns undefined where Grafana shows no link: none of the tags is there, or a variable has no value
 */
export function fillLink(template: string, span: LinkedSpan, tags: Tag[] = []): string | undefined {
  const matchers = tags
    .filter(({ key }) => span.attributes[key] !== undefined)
    .map(({ key, value }) => `${value ?? key}=${JSON.stringify(String(span.attributes[key]))}`);
  const values: Record<string, string> = {
    __tags: matchers.join(', '),
    '__trace.traceId': span.traceId,
    '__span.spanId': span.spanId,
    __rate_interval: '1m',
  };
  let complete = true;
  const filled = template.replaceAll(/\$(?:\{([\w.]+)\}|(\w+))/g, (_, braced?: string, bare?: string) => {
    const value = values[braced ?? bare ?? ''];
    if (value === undefined || value === '') complete = false;
    return value ?? '';
  });
  return complete ? filled : undefined;
}

/** The trace ids that a log line leads to, by the links of a Loki data source, of which each may find one. */
export function traceIdsOf(loki: DataSource, line: string, labels: Record<string, string>): Record<string, string> {
  const found = (loki.jsonData?.derivedFields ?? []).map(({ name, matcherType, matcherRegex, url }) => {
    const value = matcherType === 'label' ? labels[matcherRegex] : new RegExp(matcherRegex).exec(line)?.[1];
    return [name, value === undefined ? undefined : url.replace(/\$\{__value\.raw\}/, value)] as const;
  });
  return Object.fromEntries(found.filter((link): link is readonly [string, string] => link[1] !== undefined));
}

/** Every uid that a data source leads to. */
export function targetsOf({ jsonData }: DataSource): string[] {
  const { exemplarTraceIdDestinations = [], derivedFields = [], ...rest } = jsonData ?? {};
  const one = [rest.tracesToLogsV2, rest.tracesToMetrics, rest.tracesToProfiles, rest.serviceMap];
  return [...exemplarTraceIdDestinations, ...derivedFields, ...one].flatMap((link) => link?.datasourceUid ?? []);
}

/** The matchers of each selector of a query of PromQL or LogQL, those for equality. */
export function selectorsIn(query: string): { metric: string; labels: Record<string, string> }[] {
  return [...query.matchAll(/(\w*)\{([^}]*)\}/g)].map(([, metric = '', inside = '']) => ({
    metric,
    labels: Object.fromEntries(
      [...inside.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name, value]) => [name, JSON.parse(`"${value}"`)]),
    ),
  }));
}
