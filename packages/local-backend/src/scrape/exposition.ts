import type { ExemplarRecord, PointRecord } from '@clew/evidence';
import { messageOf } from '../message-of.ts';
import { createFamilies, type Families } from './families.ts';
import { createDrafts, type Draft, finishDraft } from './points.ts';
import { parseSample, type Sample } from './sample.ts';

export interface Exposition {
  points: PointRecord[];
  exemplars: ExemplarRecord[];
  /** Exemplars without trace_id, span_id or value, which lead nowhere; an id that is not there is empty. */
  unlinked: ExemplarRecord[];
}

/** An exposition that is not valid; the message begins with the number of the line. */
export class ExpositionError extends Error {
  constructor(line: number, cause: unknown) {
    super(`line ${line}: ${messageOf(cause)}`, { cause });
  }
}

/**
 * Parses OpenMetrics 1.0 text, or classic Prometheus text with `openMetrics: false`, to points in Prometheus form.
 * `timeUs` is the time of samples and exemplars that come without one. All or nothing: throws an ExpositionError at
 * the first line that is wrong, and on OpenMetrics without its last line `# EOF`, which was cut off.
 * https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md
 */
export function parseExposition(text: string, options: { openMetrics: boolean; timeUs: number }): Exposition {
  const { openMetrics, timeUs } = options;
  // Times are seconds in OpenMetrics and milliseconds in classic text.
  const toUs = (time: number | undefined) =>
    time === undefined ? timeUs : Math.round(time * (openMetrics ? 1_000_000 : 1000));
  const families = createFamilies();
  const drafts = createDrafts();
  const exposition: Exposition = { points: [], exemplars: [], unlinked: [] };

  const addSample = (sample: Sample, line: number) => {
    const { metric, type, role } = families.resolve(sample.name);
    const { le, ...others } = sample.labels;
    const labels = role === 'bucket' ? others : sample.labels;
    const draft = drafts.of({ metric, type, labels, timeUs, source: 'scrape' }, line);
    const bound = role === 'bucket' ? addBucket(draft, le, sample.value) : undefined;
    if (sample.time !== undefined) draft.point.timeUs = toUs(sample.time);
    if (role === 'value') draft.point.value = sample.value;
    if (role === 'sum') draft.sum = sample.value;
    if (role === 'count') draft.count = sample.value;
    if (role === 'created') draft.point.startUs = Math.round(sample.value * 1_000_000);
    if (sample.exemplar !== undefined) addExemplar(sample.exemplar, draft.point, bound);
  };

  const addExemplar = (exemplar: NonNullable<Sample['exemplar']>, { metric, labels }: PointRecord, le?: number) => {
    const { trace_id: traceId, span_id: spanId, ...rest } = exemplar.labels;
    const leadsNowhere = traceId === undefined || spanId === undefined || Number.isNaN(exemplar.value);
    const { value, time } = exemplar;
    const bucket = le === undefined ? {} : { le };
    (leadsNowhere ? exposition.unlinked : exposition.exemplars).push({
      metric,
      labels,
      ...bucket,
      value,
      timeUs: toUs(time),
      traceId: traceId ?? '',
      spanId: spanId ?? '',
      ...(Object.keys(rest).length > 0 && { attributes: rest }),
      source: 'scrape',
    });
  };

  let lineNumber = 0;
  let ended = false;
  for (const raw of text.replace(/\n$/, '').split('\n')) {
    const line = raw.trimEnd();
    lineNumber++;
    try {
      if (ended) throw new SyntaxError('something follows # EOF');
      if (line.startsWith('#')) ended = readComment(line, families) && openMetrics;
      else if (line !== '') addSample(parseSample(line), lineNumber);
    } catch (error) {
      throw new ExpositionError(lineNumber, error);
    }
  }
  if (openMetrics && !ended) throw new ExpositionError(lineNumber, 'the text ends without # EOF');

  for (const draft of drafts.all()) exposition.points.push(...finish(draft));
  return exposition;
}

/** Reads a TYPE line; HELP, UNIT and comments say nothing that a point needs. True at `# EOF`. */
function readComment(line: string, families: Families): boolean {
  const [, keyword, name, type] = line.split(/[ \t]+/);
  if (keyword === 'TYPE') {
    if (name === undefined || type === undefined) throw new SyntaxError('expected # TYPE name type');
    families.declare(name, type);
  }
  return line === '# EOF';
}

function addBucket(draft: Draft, text: string | undefined, count: number): number {
  const le = text === '+Inf' ? Number.POSITIVE_INFINITY : Number(text || Number.NaN);
  if (Number.isNaN(le)) throw new SyntaxError('a bucket without a bound le');
  if (draft.buckets.some((bucket) => bucket.le === le)) throw new SyntaxError(`bucket ${le} is there twice`);
  draft.buckets.push({ le, count });
  return le;
}

function finish(draft: Draft): PointRecord[] {
  try {
    const point = finishDraft(draft);
    return point === undefined ? [] : [point];
  } catch (error) {
    throw new ExpositionError(draft.line, error);
  }
}
