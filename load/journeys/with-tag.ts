import type { Journey, Run } from '../lib/play.ts';

/** A journey whose requests have one tag more, by the moment at which each is sent. */
export function withTag(tag: string, valueNow: (run: Run) => string, journey: Journey): Journey {
  return (client, run) => {
    const get: typeof client.get = (route, options = {}) =>
      client.get(route, { ...options, tags: { ...options.tags, [tag]: valueNow(run) } });
    journey({ ...client, get }, run);
  };
}
