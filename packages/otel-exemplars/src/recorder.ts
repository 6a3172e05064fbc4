import {
  type Attributes,
  type Context,
  context,
  diag,
  type HrTime,
  isSpanContextValid,
  type Span,
  trace,
  ValueType,
} from '@opentelemetry/api';
import type { IMetricReader, ViewOptions } from '@opentelemetry/sdk-metrics';
import type { Instrument } from './aggregation.ts';
import type { Exemplar } from './exemplar.ts';
import { acceptedBy, type ExemplarFilter } from './filter.ts';
import { ReaderExemplars } from './reader.ts';
import type { Scope, Stream } from './stream.ts';

type Write = (value: number, attributes?: Attributes, ctx?: Context) => void;
type StreamsOf = (view: ViewOptions | undefined) => Stream[];
type OnExemplar = ((span: Span, exemplar: Exemplar) => void) | undefined;

/** A measurement in one series: under the attributes that a view has left, or its own where no view matches. */
interface Recorded {
  view: ViewOptions | undefined;
  attributes: Attributes;
}

/** Offers what instruments measure to the streams that it goes to, of every reader. */
export class Recorder {
  readonly #readers: ReaderExemplars[] = [];
  readonly #onExemplar: OnExemplar;
  #accepts: (span: Span | undefined) => boolean;
  // Filled by the views, while a measurement passes them on its way into the SDK.
  #recorded: Recorded[] | undefined;

  constructor(filter: ExemplarFilter, onExemplar: OnExemplar) {
    this.#accepts = acceptedBy[filter];
    this.#onExemplar = onExemplar;
  }

  addReader(reader: IMetricReader): ReaderExemplars {
    const exemplars = new ReaderExemplars(reader, () => this.#standAside());
    this.#readers.push(exemplars);
    return exemplars;
  }

  #standAside(): void {
    this.#accepts = acceptedBy.always_off;
    diag.info('The metrics SDK makes exemplars itself: @clew/otel-exemplars stands aside and can be removed.');
  }

  watch(view: ViewOptions): ViewOptions {
    const process = (attributes: Attributes) => {
      this.#recorded?.push({ view, attributes });
      return attributes;
    };
    return { ...view, attributesProcessors: [...(view.attributesProcessors ?? []), { process }] };
  }

  /** `write`, which then offers what it wrote, if the filter accepts it. */
  observe(scope: Scope, instrument: Instrument, write: Write): Write {
    const streamsOf = this.#streamsOf(scope, instrument);
    const isInteger = instrument.valueType === ValueType.INT;
    return (value, attributes = {}, ctx = context.active()) => {
      const span = trace.getSpan(ctx);
      if (!this.#accepts(span)) return write(value, attributes, ctx);
      const recorded = this.#write(write, value, attributes, ctx);
      // The SDK refuses the same, but for infinity, which no bucket of an exponential histogram has room for.
      if (!Number.isFinite(value) || value < 0) return;
      this.#offer(streamsOf, recorded, isInteger ? Math.trunc(value) : value, attributes, span);
    };
  }

  #write(write: Write, value: number, attributes: Attributes, ctx: Context): Recorded[] {
    const recorded: Recorded[] = [];
    this.#recorded = recorded;
    try {
      write(value, attributes, ctx);
    } finally {
      this.#recorded = undefined;
    }
    if (recorded.length === 0) recorded.push({ view: undefined, attributes });
    return recorded;
  }

  #offer(streamsOf: StreamsOf, recorded: Recorded[], value: number, attributes: Attributes, span?: Span): void {
    let exemplar: Exemplar | undefined;
    for (const series of recorded) {
      const spelling = JSON.stringify(series.attributes);
      for (const stream of streamsOf(series.view)) {
        const reservoir = stream.reservoir(spelling, series.attributes);
        if (!reservoir?.isFree(value)) continue;
        exemplar = newExemplar(value, attributes, series.attributes, span);
        reservoir.keep(exemplar);
      }
    }
    if (exemplar && span) this.#notify(span, exemplar);
  }

  #notify(span: Span, exemplar: Exemplar): void {
    try {
      this.#onExemplar?.(span, exemplar);
    } catch (err) {
      diag.error('onExemplar threw', err); // a measurement never throws into the code that makes it
    }
  }

  /** The streams of an instrument under a view, one for each reader that aggregates it; looked up once for each view. */
  #streamsOf(scope: Scope, instrument: Instrument): StreamsOf {
    const known = new Map<ViewOptions | undefined, Stream[]>();
    return (view) => {
      let streams = known.get(view);
      if (!streams) {
        streams = this.#readers.flatMap((reader) => reader.streams(scope, instrument, view));
        known.set(view, streams);
      }
      return streams;
    };
  }
}

const NONE: Attributes = Object.freeze({});

// Exemplars are kept until the next collection, and what is kept costs the garbage collector more than it costs to make:
// each is one object, and what may be the same in several is.
function newExemplar(value: number, attributes: Attributes, ofSeries: Attributes, span?: Span): Exemplar {
  const timestamp = hrTime(Date.now());
  const filteredAttributes = attributes === ofSeries ? NONE : without(attributes, ofSeries);
  const spanContext = span?.spanContext();
  // The ids of a span that records are the SDK's own; others may come from anywhere.
  if (!spanContext || !(span?.isRecording() || isSpanContextValid(spanContext)))
    return { value, timestamp, filteredAttributes };
  const { traceId, spanId } = spanContext;
  return { value, timestamp, traceId, spanId, filteredAttributes };
}

let latest: { now: number; hrTime: HrTime } = { now: 0, hrTime: [0, 0] };

/** The same for all of a millisecond. */
function hrTime(now: number): HrTime {
  if (now !== latest.now) latest = { now, hrTime: [Math.trunc(now / 1000), (now % 1000) * 1e6] };
  return latest.hrTime;
}

function without(attributes: Attributes, others: Attributes): Attributes {
  const entries = Object.entries(attributes);
  return Object.fromEntries(entries.filter(([name, value]) => value !== undefined && !Object.hasOwn(others, name)));
}
