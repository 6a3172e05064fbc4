import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEvidence } from '@clew/evidence';

const POLICIES = join(import.meta.dirname, '../../alloy/traces.alloy');
const ERROR = 2;

/** A policy of a tail sampler: a trace is kept when one of them says so. */
export interface Policy {
  type: string;
  keeps(traceId: string, spans: Span[]): boolean;
}

export interface Span {
  status: number;
  startUs: number;
  endUs: number;
  attributes: Record<string, unknown>;
}

/**
 * Reads the policies of alloy/traces.alloy, in the place of Alloy.
 *
 * @param percent for `sampling_percentage`, whatever the environment would say
 * @throws when there is one of a type or with a setting that is not known here
 */
export function readPolicies(percent: number): Policy[] {
  const blocks = readFileSync(POLICIES, 'utf8').matchAll(/^\tpolicy \{\n([\s\S]*?)\n\t\}$/gm);
  return [...blocks].map(([, body = '']) => {
    const type = /^\t\ttype = "(\w+)"$/m.exec(body.replaceAll(/ +/g, ' '))?.[1] ?? '';
    const inner = new RegExp(`^\\t\\t${type} \\{\\n([\\s\\S]*?)\\n\\t\\t\\}$`, 'm').exec(body)?.[1];
    const settings = new Map(
      [...(inner ?? '').matchAll(/^\t\t\t(\w+)\s+= (.+)$/gm)].map(([, name, value]) => [name, value]),
    );
    const keeps = inner === undefined ? undefined : evaluators[type]?.(settings, percent);
    if (keeps === undefined) throw new Error(`alloy/traces.alloy: a policy that is not known here:\n${body}`);
    return { type, keeps };
  });
}

type Settings = Map<string | undefined, string | undefined>;

// https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/processor/tailsamplingprocessor
const evaluators: Record<string, (settings: Settings, percent: number) => Policy['keeps'] | undefined> = {
  status_code: (settings) =>
    settings.get('status_codes') === '["ERROR"]'
      ? (_, spans) => spans.some(({ status }) => status === ERROR)
      : undefined,
  latency(settings) {
    const leastUs = Number(settings.get('threshold_ms')) * 1000;
    const tookUs = (spans: Span[]) =>
      Math.max(...spans.map(({ endUs }) => endUs)) - Math.min(...spans.map(({ startUs }) => startUs));
    return leastUs > 0 ? (_, spans) => tookUs(spans) >= leastUs : undefined;
  },
  boolean_attribute(settings) {
    const key = JSON.parse(settings.get('key') ?? '""') as string;
    const value = settings.get('value') === 'true';
    return key === '' ? undefined : (_, spans) => spans.some(({ attributes }) => attributes[key] === value);
  },
  // Any share will do that depends on nothing but the id.
  probabilistic: (_, percent) => (traceId) => Number.parseInt(traceId.slice(-8), 16) / 2 ** 32 < percent / 100,
};

/** Which traces of the evidence in `file` the policies keep. */
export function tracesKept(file: string, policies: Policy[]): Set<string> {
  const evidence = openEvidence({ file, readOnly: true });
  try {
    const rows = evidence.db
      .prepare('SELECT lower(hex(trace_id)) AS id, status, start_us, duration_us, attributes FROM spans')
      .all();
    const traces = Map.groupBy(rows, ({ id }) => String(id));
    const kept = [...traces].filter(([id, ofTrace]) => {
      const spans = ofTrace.map(({ status, start_us, duration_us, attributes }) => ({
        status: Number(status),
        startUs: Number(start_us),
        endUs: Number(start_us) + Number(duration_us),
        attributes: JSON.parse(String(attributes)) as Record<string, unknown>,
      }));
      return policies.some((policy) => policy.keeps(id, spans));
    });
    return new Set(kept.map(([id]) => id));
  } finally {
    evidence.close();
  }
}

/** A copy of the evidence, with these traces alone. @returns its file */
export function keepOnly(file: string, traceIds: Set<string>): string {
  const sampled = file.replace('.sqlite', '-sampled.sqlite');
  copyFileSync(file, sampled);
  const evidence = openEvidence({ file: sampled });
  try {
    evidence.db.exec('CREATE TEMP TABLE kept (trace_id BLOB PRIMARY KEY)');
    const insert = evidence.db.prepare('INSERT INTO kept VALUES (?)');
    for (const id of traceIds) insert.run(Buffer.from(id, 'hex'));
    evidence.db.exec('DELETE FROM spans WHERE trace_id NOT IN (SELECT trace_id FROM kept)');
  } finally {
    evidence.close();
  }
  return sampled;
}
