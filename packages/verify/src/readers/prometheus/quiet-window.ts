import type { Window } from '../reader.ts';

/** When a counter was read and what it said. */
export interface Counter {
  samples: { timeUs: number; value: number }[];
}

/** Requests that were under way when a counter was read: they are in its next value, their spans began before. */
const PAD_US = 15_000_000;
/** A counter that was not read for so long belongs to a process that is gone. */
const GONE_US = 300_000_000;
/** Between two exports, where a series has only one sample: the default of OTLP. */
const STEP_US = 60_000_000;
/** At either end so much of a window may be left out to find a quiet moment. */
const MOST = 0.25;

/**
 * The part of a window at both ends of which no request was under way, so that signals that are read at different times
 * count the same ones; undefined when there is none that is nearly as wide.
 *
 * @param counters of requests, from some minutes before the window to as long after it as there is.
 * @param readSinceUs from when on they were read.
 */
export function quietWindow(counters: Counter[], window: Window, readSinceUs: number): Window | undefined {
  const { sinceUs, untilUs } = window;
  const lasts = counters
    .map(({ samples }) => samples.at(-1)?.timeUs ?? 0)
    .filter((timeUs) => timeUs > untilUs - GONE_US);
  // Nothing is known of the time after a counter was last read.
  const end = Math.min(untilUs, ...lasts);
  const busy = counters.flatMap((counter) => rises(counter, readSinceUs)).sort((a, b) => a.sinceUs - b.sinceUs);

  let since = sinceUs;
  for (const rise of busy) if (rise.sinceUs <= since && rise.untilUs > since) since = rise.untilUs;
  let until = end;
  for (const rise of busy.sort((a, b) => b.untilUs - a.untilUs)) {
    if (rise.untilUs >= until && rise.sinceUs < until) until = rise.sinceUs;
  }
  const most = (untilUs - sinceUs) * MOST;
  const wide = since - sinceUs <= most && untilUs - until <= most && since < until;
  return wide ? { sinceUs: since, untilUs: until } : undefined;
}

/** The times in which a counter rose. */
function rises({ samples }: Counter, readSinceUs: number): Window[] {
  const step = medianStep(samples);
  return samples.flatMap(({ timeUs, value }, i) => {
    const before = samples[i - 1];
    // One that was there already when reading began rose before.
    if (before === undefined && timeUs - readSinceUs <= step) return [];
    if (before !== undefined && before.value === value) return [];
    const since = before?.timeUs ?? timeUs - step;
    return [{ sinceUs: since - PAD_US, untilUs: timeUs + PAD_US }];
  });
}

function medianStep(samples: Counter['samples']): number {
  const steps = samples.slice(1).map(({ timeUs }, i) => timeUs - (samples[i]?.timeUs ?? 0));
  return steps.length === 0 ? STEP_US : (steps.sort((a, b) => a - b)[steps.length >> 1] ?? STEP_US);
}
