import type { Attributes } from '@clew/evidence';

export type Labels = Record<string, string>;

/** The resource attributes that every series carries as labels; the others would make a new series at each restart. */
const resourceLabels = ['service.name', 'service.namespace', 'service.instance.id', 'deployment.environment.name'];

/** `service.name` and its like as labels: `{ service_name: 'full-otel', ... }`. */
export function labelsOfResource(attributes: Attributes): Labels {
  const known = resourceLabels.filter((name) => attributes[name] !== undefined);
  return labelsOf(Object.fromEntries(known.map((name) => [name, attributes[name]])));
}

/** The labels of `service_name` and its like as resource attributes: a scrape knows its resource by labels only. */
export function resourceOfLabels(labels: Labels): Attributes {
  const dotted = new Map(resourceLabels.map((name) => [labelName(name), name]));
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [dotted.get(name) ?? name, value]));
}

/**
 * Attributes of a point as labels, added to `base`. Attributes whose names become the same label are joined by `;` in
 * the order of their names; an empty value is no label.
 * https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#metric-attributes
 */
export function labelsOf(attributes: Attributes, base: Labels = {}): Labels {
  const own: Labels = {};
  for (const key of Object.keys(attributes).sort()) {
    const name = labelName(key);
    const value = labelValue(attributes[key]);
    if (value === '') continue;
    own[name] = Object.hasOwn(own, name) ? `${own[name]};${value}` : value;
  }
  return { ...own, ...base };
}

const names = new Map<string, string>();

function labelName(key: string): string {
  const known = names.get(key);
  if (known !== undefined) return known;
  const replaced = key.replaceAll(/[^a-zA-Z0-9_]+/g, '_').replaceAll(/_{2,}/g, '_');
  const name = /^\d/.test(replaced) ? `key_${replaced}` : replaced;
  // Names come from senders, so what is remembered has to end somewhere.
  if (names.size < 10_000) names.set(key, name);
  return name;
}

function labelValue(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
