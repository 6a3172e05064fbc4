/** One request that a service took, with the ids of its spans. */
export interface Served {
  service: string;
  route: string;
  status: number;
  startUs: number;
  durationUs: number;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
}

export const NAMESPACE = 'clew';
export const BOUNDS = [0.005, 0.01, 0.1, 1];
export const SCRAPE_US = 15_000_000;

/** Two minutes of requests, one a second, every third of which calls the other service; long over, so both ends are quiet. */
export function twoMinutes(nowUs: number): Served[] {
  const beginUs = Math.floor(nowUs / 1e6) * 1_000_000 - 600_000_000;
  return Array.from({ length: 120 }, (_, i) => i).flatMap((i) => {
    const traceId = (i + 1).toString(16).padStart(32, i % 2 === 0 ? '0' : 'a');
    const first: Served = {
      service: 'full-otel',
      route: i % 3 === 0 ? '/api/data' : '/api/users',
      status: 200,
      startUs: beginUs + i * 1_000_000,
      durationUs: 2000 + (i % 5) * 30_000,
      traceId,
      spanId: (i + 1).toString(16).padStart(16, 'b'),
    };
    if (i % 3 !== 0) return [first];
    const called = {
      ...first,
      service: 'prom-otel',
      spanId: (i + 1).toString(16).padStart(16, 'd'),
      parentSpanId: clientSpanId(first),
    };
    return [first, { ...called, durationUs: 1000 }];
  });
}

/** Of the CLIENT span by which a request calls the other service. */
export function clientSpanId({ spanId }: Served): string {
  return spanId.replace(/^./, 'c');
}

export function endUs({ startUs, durationUs }: Served): number {
  return startUs + durationUs;
}

/** The upper bound of the bucket that a request falls into. */
export function bucketOf({ durationUs }: Served): number {
  return BOUNDS.find((bound) => durationUs / 1e6 <= bound) ?? Number.POSITIVE_INFINITY;
}
