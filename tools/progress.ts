export interface Progress {
  show(step: string): void;
  /** Shows how much of a step is done, and the time left. */
  count(step: string, counted: Counted): void;
  end(step: string): void;
}

export interface Counted {
  done: number;
  of: number;
  /** What all of it is known to take. */
  knownSeconds: number;
}

/** From this share on the time left follows from the pace so far. */
const OWN_PACE = 0.3;
/** Where no terminal rewrites its line, a log that says nothing for long looks dead. */
const SILENT_MS = 60_000;

/** One line, rewritten on a terminal; elsewhere a line for each step, and one a minute. */
export function createProgress(out: NodeJS.WriteStream, label: string): Progress {
  const startedAt = performance.now();
  let shown = '';
  let shownAt = startedAt;
  let countingSince: number | undefined;

  const write = (step: string, details = '', last = false) => {
    const now = performance.now();
    const text = `${label}: ${step}${details} (${duration((now - startedAt) / 1000)})`;
    if (out.isTTY) out.write(`\r\x1b[2K${text}${last ? '\n' : ''}`);
    else if (step !== shown || now - shownAt > SILENT_MS) out.write(`${text}\n`);
    else return;
    shown = step;
    shownAt = now;
  };

  return {
    show: (step) => write(step),
    count(step, counted) {
      countingSince ??= performance.now();
      const left = secondsLeft(counted, (performance.now() - countingSince) / 1000);
      write(step, ` ${counted.done} of ${counted.of}, about ${duration(left)} left`);
    },
    end: (step) => write(step, '', true),
  };
}

/** @param passed seconds since the first was begun */
export function secondsLeft({ done, of, knownSeconds }: Counted, passed: number): number {
  const share = done / of;
  return (share < OWN_PACE ? knownSeconds : passed / share) * (1 - share);
}

/** `40 s`, `8 min`. */
export function duration(seconds: number): string {
  return seconds < 100 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
