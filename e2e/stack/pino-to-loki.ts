import { setTimeout as delay } from 'node:timers/promises';

const BATCH_MS = 300;
const RETRY_MS = 500;
/** As Alloy's. A push over Loki's limit for a second, 4 MB, gets 429 however often it is tried. */
const BATCH_BYTES = 2 ** 20;

/** Stands for Alloy: takes the stdout lines of a service to Loki, and tries again until Loki has them. */
export interface LineShipper {
  write(line: string): void;
  /** Resolves when Loki has every line. @throws when it refused some */
  end(): Promise<void>;
  /** Leaves lines that Loki does not have. */
  abandon(): void;
}

export interface ShipperOptions {
  /** Of Loki, or of what stands before it. */
  url: string;
  headers?: Record<string, string>;
  /** Of every line. */
  labels: Record<string, string>;
}

/** `level` becomes a label. The ids become structured metadata: as labels each of them would make a stream. */
export function shipLines({ url, headers = {}, labels }: ShipperOptions): LineShipper {
  let waiting: Entry[] = [];
  let ending = false;
  let abandoned = false;

  const shipAll = async () => {
    while (!abandoned && (!ending || waiting.length > 0)) {
      await delay(BATCH_MS);
      const fits = lengthThatFits(waiting);
      const batch = waiting.slice(0, fits);
      waiting = waiting.slice(fits);
      if (batch.length > 0) await push(batch);
    }
  };
  const push = async (batch: Entry[]) => {
    const streams = [...Map.groupBy(batch, ({ level }) => level)].map(([level, entries]) => ({
      stream: { ...labels, ...(level !== undefined && { level }) },
      values: entries.map(({ value }) => value),
    }));
    const request = {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ streams }),
    };
    while (!abandoned) {
      const response = await fetch(`${url}/loki/api/v1/push`, request).catch(() => undefined); // it is away
      const said = await response?.text().catch(() => '');
      if (response?.ok) return;
      if (response && response.status < 500 && response.status !== 429) throw new Error(`Loki refused lines: ${said}`);
      await delay(RETRY_MS);
    }
  };
  const shipped = shipAll();
  shipped.catch(() => {}); // end() rejects with it

  return {
    write: (line) => void waiting.push(entryOf(line)),
    end() {
      ending = true;
      return shipped;
    },
    abandon() {
      abandoned = true;
    },
  };
}

interface Entry {
  level: string | undefined;
  value: [nanos: string, line: string, metadata: Record<string, string>];
}

function lengthThatFits(entries: Entry[]): number {
  let bytes = 0;
  const tooMany = entries.findIndex(({ value: [, line] }) => {
    bytes += line.length;
    return bytes > BATCH_BYTES;
  });
  return tooMany === -1 ? entries.length : Math.max(tooMany, 1);
}

function entryOf(line: string): Entry {
  const { level, time = Date.now(), trace_id, span_id } = fieldsOf(line);
  const metadata = { ...(trace_id !== undefined && { trace_id }), ...(span_id !== undefined && { span_id }) };
  return { level, value: [`${time}000000`, line, metadata] };
}

/** Of pino; a line that is no JSON has none. */
function fieldsOf(line: string): { level?: string; time?: number; trace_id?: string; span_id?: string } {
  try {
    return line.startsWith('{') ? JSON.parse(line) : {};
  } catch {
    return {};
  }
}
