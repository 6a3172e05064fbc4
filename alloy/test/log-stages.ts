import assert from 'node:assert/strict';
import { evaluate } from './evaluate.ts';
import type { Block } from './read.ts';

/** A line on its way through `loki.process`. */
export interface Entry {
  line: string;
  labels: Record<string, string>;
  metadata: Record<string, string>;
  /** Milliseconds. Undefined: that of the reading. */
  time: number | undefined;
  /** The reason, as Alloy counts it in loki_process_dropped_lines_total. */
  dropped: string | undefined;
}

/**
 * What the stages of a `loki.process` make of a line, by their documentation and not by Alloy's code.
 *
 * @throws on a stage, or a form of one, that is not known here
 */
export function runStages(process: Block, line: string, labels: Record<string, string>, env = {}): Entry {
  const entry: Entry = { line, labels: { ...labels }, metadata: {}, time: undefined, dropped: undefined };
  const extracted: Record<string, string> = { ...labels };
  for (const block of process.blocks) {
    const stage = stages[block.type];
    assert.ok(stage, `${block.type}: not known here`);
    // Each stage reads those of its arguments that its documentation has.
    const args = Object.fromEntries(
      Object.entries(block.attributes).map(([name, value]) => [name, evaluate(value, env)]),
    ) as unknown as Arguments;
    stage(args, entry, extracted);
    if (entry.dropped !== undefined) break;
  }
  return entry;
}

interface Arguments {
  expressions: Record<string, string>;
  values: Record<string, string>;
  source: string;
  format: string;
  expression: string;
  replace: string;
  selector: string;
  action: string;
  action_on_failure: string;
  drop_counter_reason: string;
}

// https://grafana.com/docs/alloy/latest/reference/components/loki/loki.process/
const stages: Record<string, (args: Arguments, entry: Entry, extracted: Record<string, string>) => void> = {
  'stage.json': ({ expressions }, entry, extracted) => {
    let fields: Record<string, unknown>;
    try {
      fields = JSON.parse(entry.line);
    } catch {
      return;
    }
    for (const [name, path] of Object.entries(expressions)) {
      const value = fields[keyOf(path || name)];
      if (value !== undefined && value !== null)
        extracted[name] = typeof value === 'string' ? value : JSON.stringify(value);
    }
  },
  'stage.cri': (_, entry) => {
    const [, stream, line] = /^\S+ (stdout|stderr) [FP] (.*)$/s.exec(entry.line) ?? [];
    if (stream === undefined || line === undefined) return;
    entry.labels.stream = stream;
    entry.line = line;
  },
  'stage.timestamp': ({ source, format, action_on_failure }, entry, extracted) => {
    assert.equal(format, 'UnixMs');
    assert.equal(action_on_failure, 'skip');
    const time = Number(extracted[source]);
    if (Number.isInteger(time)) entry.time = time;
  },
  'stage.drop': ({ source, expression, drop_counter_reason }, entry, extracted) => {
    if (source in extracted && new RegExp(expression).test(extracted[source] ?? ''))
      entry.dropped = drop_counter_reason;
  },
  'stage.match': ({ selector, action, drop_counter_reason }, entry) => {
    assert.equal(action, 'drop', '"keep" filters nothing');
    // Alloy's parser of selectors knows no backticks.
    const parts = /^\{(\w+)=~("(?:[^"\\]|\\.)*")\} \|= ("(?:[^"\\]|\\.)*")$/.exec(selector);
    assert.ok(parts, `${selector}: not known here`);
    const [label, value, text] = [parts[1] ?? '', JSON.parse(parts[2] ?? ''), JSON.parse(parts[3] ?? '')];
    const matches = new RegExp(`^(?:${value})$`).test(entry.labels[label] ?? '');
    if (matches && entry.line.includes(text)) entry.dropped = drop_counter_reason;
  },
  'stage.replace': ({ expression, replace }, entry) => {
    // Each group is replaced, not the whole match.
    entry.line = entry.line.replace(new RegExp(expression, 'dg'), (...found) => {
      const groups = found.slice(
        1,
        found.findIndex((part) => typeof part === 'number'),
      ) as string[];
      assert.ok(groups.length > 0, `${expression}: without a group nothing is replaced`);
      return groups.reduce((text, group) => text.replace(group, replace), String(found[0]));
    });
  },
  'stage.labels': ({ values }, entry, extracted) => {
    for (const [label, name] of Object.entries(values)) {
      const value = extracted[name || label];
      if (value !== undefined) entry.labels[label] = value;
    }
  },
  'stage.static_labels': ({ values }, entry) => void Object.assign(entry.labels, values),
  'stage.label_drop': ({ values }, entry) => {
    for (const label of Object.values(values)) delete entry.labels[label];
  },
  'stage.structured_metadata': ({ values }, entry, extracted) => {
    for (const [label, name] of Object.entries(values)) {
      const value = extracted[name || label];
      if (value !== undefined) entry.metadata[label] = value;
      delete entry.labels[label];
    }
  },
};

/** The key that a JMESPath names. A dot or a hyphen outside of quotes would mean something else than the key. */
function keyOf(path: string): string {
  if (/^[A-Za-z_]\w*$/.test(path)) return path;
  assert.match(path, /^"[^"\\]+"$/, `${path}: not known here`);
  return path.slice(1, -1);
}
