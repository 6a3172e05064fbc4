import type { Batch, GapRecord } from '@clew/evidence';

/** Microseconds since the epoch. */
export interface Window {
  sinceUs: number;
  untilUs: number;
}

/** Whose telemetry is looked at; all of it when nothing is named. */
export interface Scope {
  /** `service.namespace` */
  namespace?: string;
  /** `service.name`, any of them. */
  services: string[];
}

/** Where readers put what they find: page by page, so that no reader holds all of it. */
export interface Sink {
  write(batches: Batch[]): void;
  /** Says what the store could not give. */
  gap(signal: GapRecord['signal'], reason: string, count?: number): void;
  /** Tells whoever waits how far it is. */
  progress(text: string): void;
}

/** Every reader can say whether its store is the one that it should be. */
export interface Reader {
  /** @throws {StoreError} when the store cannot be reached, does not let us in, or is another one. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface MetricReader extends Reader {
  /** The part of the window at both ends of which no request was under way; in words why there is none. */
  quietWindow(window: Window): Promise<Window | string>;
  /** Writes series, exemplars, and the points of histograms that have exemplars or count requests. */
  read(window: Window): Promise<void>;
}

export interface LogReader extends Reader {
  /** Writes the window's lines. Returns until when it got: earlier than the window's end when there were too many. */
  read(window: Window): Promise<number>;
}

export interface TraceReader extends Reader {
  /**
   * Yields the ids of traces with a span of the scope that started in the window, some of them more than once, and returns
   * whether these are all. `services` are those that other signals know.
   */
  list(window: Window, services: string[]): AsyncGenerator<string, boolean>;
  /** Writes the whole trace; false when the store does not have it. */
  resolve(traceId: string): Promise<boolean>;
}
