import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { type Scope, writeResource, writeScope } from './encode-common.ts';
import { Writer } from './writer.ts';

type Resource = ReadableSpan['resource'];

/** What every record of a signal has, besides its own fields. */
export interface Telemetry {
  readonly resource: Resource;
  readonly instrumentationScope: Scope;
}

/** Writes the content of one record's message. */
export type WriteRecord<T extends Telemetry> = (writer: Writer, record: T) => void;

// Field numbers that the requests of traces and logs have in common, as tags (number << 3) | 2:
// https://github.com/open-telemetry/opentelemetry-proto/tree/main/opentelemetry/proto/collector
const RESOURCE_RECORDS = (1 << 3) | 2; // of the request
const RESOURCE = (1 << 3) | 2;
const SCOPE_RECORDS = (2 << 3) | 2;
const SCOPE = (1 << 3) | 2;
const RECORD = (2 << 3) | 2;
const SCHEMA_URL = (3 << 3) | 2;

// A record is most often longer than 127 bytes and shorter than 16 KiB, and its length two bytes long.
const RECORD_LENGTH_BYTES = 2;

// Enough for the batches that the queue makes. What one huge record or many scopes need beyond it, they need once.
const MAX_KEPT_BYTES = 8 * 1024 * 1024;

/** Records in the form in which they are sent, by resource and scope. */
export class Batch<T extends Telemetry> {
  count = 0;
  bytes = 0;
  readonly #resources = new Map<Resource, Map<Scope, Writer>>();
  readonly #writeRecord: WriteRecord<T>;
  readonly #capacity: number;

  /** @param capacity in bytes, of the buffer that each scope begins with */
  constructor(writeRecord: WriteRecord<T>, capacity = 16_384) {
    this.#writeRecord = writeRecord;
    this.#capacity = capacity;
  }

  /**
   * Adds the record, unless there are others and together they have more than `maxBytes`. A record that throws leaves no
   * trace in the batch.
   *
   * @returns whether it was added
   */
  add(record: T, maxBytes = Infinity): boolean {
    const writer = this.#writerOf(record);
    const before = writer.length;
    try {
      writer.varint(RECORD);
      const begun = writer.begin(RECORD_LENGTH_BYTES);
      this.#writeRecord(writer, record);
      writer.end(begun, RECORD_LENGTH_BYTES);
    } catch (error) {
      writer.truncate(before);
      throw error;
    }
    const bytes = this.bytes + writer.length - before;
    if (this.count > 0 && bytes > maxBytes) {
      writer.truncate(before);
      return false;
    }
    this.bytes = bytes;
    this.count += 1;
    return true;
  }

  #writerOf({ resource, instrumentationScope }: T): Writer {
    let scopes = this.#resources.get(resource);
    if (!scopes) {
      scopes = new Map();
      this.#resources.set(resource, scopes);
    }
    let writer = scopes.get(instrumentationScope);
    if (!writer) {
      writer = new Writer(this.#capacity);
      scopes.set(instrumentationScope, writer);
    }
    return writer;
  }

  /** Resolves as soon as what is detected about the resource in the background is there. */
  async settled(): Promise<void> {
    for (const resource of this.#resources.keys()) {
      if (resource.asyncAttributesPending) await resource.waitForAsyncAttributes?.();
    }
  }

  /** The `ExportTraceServiceRequest` or `ExportLogsServiceRequest`. */
  request(): Buffer {
    return Buffer.concat([...this.#resources].flatMap(([resource, scopes]) => resourceRecords(resource, scopes)));
  }

  /** Of the buffers that it holds, in bytes. */
  get capacity(): number {
    return this.#writers().reduce((total, { capacity }) => total + capacity, 0);
  }

  /** Empties the batch for other records, which find its buffers as long as these have made them. */
  clear(): void {
    this.count = 0;
    this.bytes = 0;
    if (this.capacity > MAX_KEPT_BYTES) this.#resources.clear();
    else for (const writer of this.#writers()) writer.truncate(0);
  }

  #writers(): Writer[] {
    return [...this.#resources.values()].flatMap((scopes) => [...scopes.values()]);
  }
}

function resourceRecords(resource: Resource, scopes: Map<Scope, Writer>): Uint8Array[] {
  const used = [...scopes].filter(([, records]) => records.length > 0);
  if (used.length === 0) return [];
  const content = [
    message(RESOURCE, (writer) => writeResource(writer, resource)),
    ...used.flatMap(([scope, records]) => scopeRecords(scope, records)),
    ...schemaUrl(resource),
  ];
  return [head(RESOURCE_RECORDS, content), ...content];
}

function scopeRecords(scope: Scope, records: Writer): Uint8Array[] {
  const content = [message(SCOPE, (writer) => writeScope(writer, scope)), records.written, ...schemaUrl(scope)];
  return [head(SCOPE_RECORDS, content), ...content];
}

/** Tag and length of a message whose content is in parts. */
function head(tag: number, content: Uint8Array[]): Uint8Array {
  const writer = new Writer(12);
  writer.varint(tag);
  writer.varint(content.reduce((total, { length }) => total + length, 0));
  return writer.written;
}

function message(tag: number, write: (writer: Writer) => void): Uint8Array {
  const writer = new Writer(512);
  writer.varint(tag);
  const begun = writer.begin();
  write(writer);
  writer.end(begun);
  return writer.written;
}

function schemaUrl({ schemaUrl }: { schemaUrl?: string }): Uint8Array[] {
  if (!schemaUrl) return [];
  const writer = new Writer(128);
  writer.varint(SCHEMA_URL);
  writer.string(schemaUrl);
  return [writer.written];
}
