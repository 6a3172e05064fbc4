import { setTimeout as delay } from 'node:timers/promises';
import { answerQuestions } from './child.ts';
import { spanBatch } from './span-batch.ts';

const BATCH = 512;
const IN_FLIGHT = 4;

export interface Sent {
  /** Spans that were acknowledged. */
  accepted: number;
  seconds: number;
}

/** Sends spans over OTLP/HTTP for so many seconds: `rate` a second, or as many as are taken with four requests at a time. */
async function send({ url, seconds, rate }: { url: string; seconds: number; rate?: number }): Promise<Sent> {
  const begin = performance.now();
  const end = begin + seconds * 1000;
  let accepted = 0;
  let started = 0;
  const sendNext = async (): Promise<void> => {
    while (performance.now() < end) {
      const dueMs = rate === undefined ? 0 : begin + (started / rate) * 1000 - performance.now();
      started += BATCH;
      if (dueMs > 0) await delay(dueMs);
      const headers = { 'content-type': 'application/x-protobuf' };
      const response = await fetch(`${url}/v1/traces`, { method: 'POST', headers, body: spanBatch(BATCH) });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`the local backend answered ${response.status}`);
      accepted += BATCH;
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, sendNext));
  return { accepted, seconds: (performance.now() - begin) / 1000 };
}

answerQuestions({ send });
