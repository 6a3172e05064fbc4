import { exponentialBucket } from './buckets.ts';
import type { Exemplar } from './exemplar.ts';

/** The exemplars of one series in one collection interval: the first of each bucket. */
export interface Reservoir {
  /** Whether the bucket of `value` has no exemplar yet. */
  isFree(value: number): boolean;
  /** Keeps an exemplar whose bucket is free. */
  keep(exemplar: Exemplar): void;
  /** What was kept, the oldest first. */
  exemplars(): Iterable<Exemplar>;
}

/** For fixed buckets: those of an explicit histogram, or the only one of a sum. */
export class FixedReservoir implements Reservoir {
  readonly #bucketOf: (value: number) => number;
  // Two arrays cost a third of a Map from bucket to exemplar.
  readonly #taken: boolean[] = [];
  readonly #kept: Exemplar[] = [];

  constructor(bucketOf: (value: number) => number) {
    this.#bucketOf = bucketOf;
  }

  isFree(value: number): boolean {
    return this.#taken[this.#bucketOf(value)] !== true;
  }

  keep(exemplar: Exemplar): void {
    this.#taken[this.#bucketOf(exemplar.value)] = true;
    this.#kept.push(exemplar);
  }

  exemplars(): Iterable<Exemplar> {
    return this.#kept;
  }
}

const MAX_SCALE = 20;

/**
 * For exponential histograms, which halve their resolution as often as it takes for all values to fit into `maxSize`
 * buckets. This does the same, so that its buckets are the histogram's or, as it sees the sampled values only, finer.
 */
export class ExponentialReservoir implements Reservoir {
  readonly #maxSize: number;
  #scale = MAX_SCALE;
  #lowest = Number.POSITIVE_INFINITY;
  #highest = 0;
  #kept = new Map<number, Exemplar>();

  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  isFree(value: number): boolean {
    this.#fit(value);
    return !this.#kept.has(exponentialBucket(this.#scale, value));
  }

  keep(exemplar: Exemplar): void {
    this.#kept.set(exponentialBucket(this.#scale, exemplar.value), exemplar);
  }

  exemplars(): Iterable<Exemplar> {
    return this.#kept.values();
  }

  #fit(value: number): void {
    if (value === 0 || (value >= this.#lowest && value <= this.#highest)) return;
    this.#lowest = Math.min(this.#lowest, value);
    this.#highest = Math.max(this.#highest, value);
    const before = this.#scale;
    while (this.#size() > this.#maxSize) this.#scale -= 1;
    if (this.#scale === before) return;
    const kept = this.#kept;
    this.#kept = new Map();
    for (const exemplar of kept.values()) {
      const bucket = exponentialBucket(this.#scale, exemplar.value);
      if (!this.#kept.has(bucket)) this.#kept.set(bucket, exemplar);
    }
  }

  #size(): number {
    return exponentialBucket(this.#scale, this.#highest) - exponentialBucket(this.#scale, this.#lowest) + 1;
  }
}
