import type { Attributes } from '@opentelemetry/api';
import type { MetricData, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import type { Aggregation, Instrument } from './aggregation.ts';
import type { Reservoir } from './reservoir.ts';

export type Scope = ScopeMetrics['scope'];

/** What one reader gets from one metric stream between two collections: a reservoir per series, `limit` series at most. */
export class Stream {
  readonly #aggregation: Aggregation;
  readonly #limit: number;
  #bySeries = new Map<string, Reservoir>();
  #bySpelling = new Map<string, Reservoir>();

  constructor(aggregation: Aggregation, limit: number) {
    this.#aggregation = aggregation;
    this.#limit = limit;
  }

  /**
   * The reservoir of the series with these attributes; undefined when there are too many series.
   *
   * @param spelling the attributes as JSON, in the order they came: a third of the cost of `seriesKey`
   */
  reservoir(spelling: string, attributes: Attributes): Reservoir | undefined {
    return this.#bySpelling.get(spelling) ?? this.#find(spelling, attributes);
  }

  #find(spelling: string, attributes: Attributes): Reservoir | undefined {
    const key = seriesKey(attributes);
    let reservoir = this.#bySeries.get(key);
    if (!reservoir) {
      if (this.#bySeries.size >= this.#limit) return undefined;
      reservoir = this.#aggregation.newReservoir();
      this.#bySeries.set(key, reservoir);
    }
    if (this.#bySpelling.size < this.#limit) this.#bySpelling.set(spelling, reservoir);
    return reservoir;
  }

  /** Ends the interval: hands out the reservoirs by series key and starts anew. */
  take(): Map<string, Reservoir> {
    const taken = this.#bySeries;
    this.#bySeries = new Map();
    this.#bySpelling = new Map();
    return taken;
  }
}

/** The same for equal attributes, whatever their order, as the SDK tells series apart. */
export function seriesKey(attributes: Attributes): string {
  const names = Object.keys(attributes).sort();
  return JSON.stringify(names.map((name) => [name, attributes[name]]));
}

/** What a metric stream is found by when it is collected. */
export function streamKey(
  scope: Scope,
  { name, unit, valueType }: Pick<Instrument, 'name' | 'unit' | 'valueType'>,
  type: MetricData['dataPointType'],
): string {
  return JSON.stringify([scope.name, scope.version ?? '', scope.schemaUrl ?? '', name, unit, valueType, type]);
}
