import type { PointRecord } from '@clew/evidence';

const metric = 'process_start_time_seconds';

/**
 * Says of each scrape of a target, in turn, when its process has started, in microseconds; undefined when it does not
 * expose `process_start_time_seconds`. Some expose whole seconds: a process that replaces another one has started after
 * the last scrape of that.
 */
export function createProcessStarts(): (points: PointRecord[], timeUs: number) => number | undefined {
  let process: { exposed: number; startUs: number } | undefined;
  let lastUs = 0;
  return (points, timeUs) => {
    const exposed = points.find((point) => point.metric === metric)?.value;
    if (exposed === undefined) process = undefined;
    else if (exposed !== process?.exposed)
      process = { exposed, startUs: Math.max(Math.round(exposed * 1e6), lastUs + 1) };
    lastUs = timeUs;
    return process?.startUs;
  };
}
