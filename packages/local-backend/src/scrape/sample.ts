import type { Labels } from '../prometheus/labels.ts';

/** One line of an exposition. Times are as they were written: seconds in OpenMetrics, milliseconds in classic text. */
export interface Sample {
  name: string;
  labels: Labels;
  value: number;
  time?: number;
  exemplar?: { labels: Labels; value: number; time?: number };
}

const namePattern = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const labelPattern = /([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"((?:[^"\\]|\\.)*)"[ \t]*/y;
const numberPattern = /[+-]?(?:inf(?:inity)?|nan|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(?=[ \t]|$)/iy;

/**
 * Parses `name{label="value"} value [time] [# {trace_id="..."} value [time]]`. Throws with what was expected.
 * https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md#abnf
 */
export function parseSample(line: string): Sample {
  let at = 0;
  const spaces = () => {
    while (line[at] === ' ' || line[at] === '\t') at++;
  };
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(line);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  const expected = (what: string) => new SyntaxError(`expected ${what} at ${JSON.stringify(line.slice(at, at + 30))}`);

  const labels = (): Labels => {
    const result: Labels = {};
    at++;
    for (spaces(); line[at] !== '}'; spaces()) {
      const [, name, value] = take(labelPattern) ?? [];
      if (name === undefined || value === undefined) throw expected('a label or }');
      if (Object.hasOwn(result, name)) throw new SyntaxError(`label ${name} is there twice`);
      result[name] = unescapeValue(value);
      if (line[at] === ',') at++;
      else if (line[at] !== '}') throw expected(', or }');
    }
    at++;
    return result;
  };
  const number = (what: string): number => {
    spaces();
    const match = take(numberPattern);
    if (match === null) throw expected(what);
    return numberOf(match[0]);
  };
  const optionalTime = (): { time?: number } => {
    spaces();
    return at === line.length || line[at] === '#' ? {} : { time: number('a timestamp') };
  };

  const name = take(namePattern)?.[0];
  if (name === undefined) throw expected('a metric name');
  spaces();
  const sampleLabels = line[at] === '{' ? labels() : {};
  const sample: Sample = { name, labels: sampleLabels, value: number('a value'), ...optionalTime() };
  spaces();
  if (at === line.length) return sample;
  if (line[at++] !== '#') throw expected('an exemplar or the end of the line');
  spaces();
  if (line[at] !== '{') throw expected('the labels of an exemplar');
  sample.exemplar = { labels: labels(), value: number('the value of an exemplar'), ...optionalTime() };
  if (at !== line.length) throw expected('the end of the line');
  return sample;
}

function numberOf(text: string): number {
  const [, sign, infinite] = /^([+-]?)(inf(?:inity)?)?/i.exec(text) ?? [];
  if (infinite === undefined) return Number(text);
  return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function unescapeValue(value: string): string {
  return value.includes('\\') ? value.replaceAll(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c)) : value;
}
