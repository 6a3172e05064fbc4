import type { ExemplarRecord } from '@clew/evidence';
import { keyOf } from './points.ts';

/**
 * Leaves only the exemplars that the scrape before did not have: a target shows an exemplar until a newer one takes
 * its place. Without its time, which a target need not give and which is then the scrape's.
 */
export function createExemplarFilter(): (exemplars: ExemplarRecord[]) => ExemplarRecord[] {
  let before = new Set<string>();
  return (exemplars) => {
    const now = new Set(exemplars.map(identity));
    const fresh = exemplars.filter((exemplar) => !before.has(identity(exemplar)));
    before = now;
    return fresh;
  };
}

function identity({ metric, labels, le, traceId, spanId, value }: ExemplarRecord): string {
  return `${keyOf(metric, labels)} ${le} ${traceId} ${spanId} ${value}`;
}
