import type { ExemplarRecord } from '@clew/evidence';
import { keyOf } from './points.ts';

/** What of a scrape is new. */
export interface FreshExemplars {
  fresh: ExemplarRecord[];
  /** Leaves them out from now on: they are stored. */
  remember(): void;
}

/**
 * Leaves only the exemplars that the last scrape that was remembered did not have: a target shows an exemplar until a
 * newer one takes its place. Without its time, which a target need not give and which is then the scrape's.
 */
export function createExemplarFilter(): (exemplars: ExemplarRecord[]) => FreshExemplars {
  let before = new Set<string>();
  return (exemplars) => {
    const now = new Set(exemplars.map(identity));
    return {
      fresh: exemplars.filter((exemplar) => !before.has(identity(exemplar))),
      remember() {
        before = now;
      },
    };
  };
}

function identity({ metric, labels, le, traceId, spanId, value, attributes }: ExemplarRecord): string {
  return `${keyOf(metric, labels)} ${le} ${traceId} ${spanId} ${value} ${JSON.stringify(attributes)}`;
}
