import { perUnits, units } from './units.ts';

/**
 * The Prometheus name of an OpenTelemetry metric: `http.server.request.duration` in `s` becomes
 * `http_server_request_duration_seconds`. Characters that are not letters, digits or `:` become `_`, one for a run; the
 * unit is appended in words unless the name has it, then `_total` on counters and `_ratio` on gauges of unit `1`.
 * https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#metric-metadata-1
 */
export function metricName(name: string, unit: string, type: 'counter' | 'gauge' | 'histogram' | 'summary'): string {
  const words = name.split(/[^a-zA-Z0-9:]+/).filter((word) => word !== '');
  const [main, per] = unitWords(unit);
  if (main !== undefined && !words.includes(main)) words.push(main);
  if (per !== undefined && !words.includes(per)) words.push('per', per);
  if (type === 'counter') moveToEnd(words, 'total');
  if (type === 'gauge' && unit === '1') moveToEnd(words, 'ratio');
  const joined = words.join('_');
  return /^\d/.test(joined) ? `_${joined}` : joined;
}

/** `By/s` -> `['bytes', 'second']`; annotations in braces, as in `{request}`, name no unit. */
function unitWords(unit: string): [main: string | undefined, per: string | undefined] {
  const [main = '', per = ''] = unit.split('/', 2).map((part) => part.replaceAll(/\{[^}]*\}/g, '').trim());
  return [word(units, main), word(perUnits, per)];
}

function word(known: Record<string, string>, unit: string): string | undefined {
  const name = Object.hasOwn(known, unit)
    ? known[unit]
    : unit.replaceAll(/[^a-zA-Z0-9]+/g, '_').replaceAll(/^_|_$/g, '');
  return name === '' ? undefined : name;
}

function moveToEnd(words: string[], word: string): void {
  const rest = words.filter((other) => other !== word);
  words.splice(0, words.length, ...rest, word);
}
