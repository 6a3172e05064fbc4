import assert from 'node:assert/strict';
import { openEvidence, type TallyRecord } from '@clew/evidence';
import { countLines, sum } from './queries.ts';
import { RECORDS_PER_EXPORT } from './services.ts';
import type { Stores } from './stores.ts';

/** Where everything of a service has gone: what is not stored has to be among what the SDK counts as lost. */
export interface Account {
  requests: { sent: number; histogram: number };
  spans: Records;
  /** Of those that went over OTLP; `completed` are completion lines, whichever way they went. */
  logs: Records & { completed: number };
}

export interface Records {
  made: number;
  /** Delivered or lost: the others are on their way. */
  processed: number;
  lost: number;
  stored: number;
}

/**
 * @param since milliseconds since the epoch
 * @param file evidence that `clew verify` has read from the stores, for the number of spans; 0 without
 */
export async function account(
  stores: Stores,
  service: string,
  tallies: TallyRecord[],
  since: number,
  file?: string,
): Promise<Account> {
  const scope = `service_name="${service}",service_namespace="clew"`;
  const count = (metric: string, more = '') => sum(stores, `${metric}{${scope}${more}}`);
  const lost = ',error_type!=""';
  const lines = `{${scope}}`;
  return {
    requests: {
      sent: sentTo(service, tallies),
      histogram: await count('http_server_request_duration_seconds_count'),
    },
    spans: {
      made: await count('otel_sdk_span_started_total', ',otel_span_sampling_result="RECORD_AND_SAMPLE"'),
      processed: await count('otel_sdk_processor_span_processed_total'),
      lost: await count('otel_sdk_processor_span_processed_total', lost),
      stored: file === undefined ? 0 : storedSpans(file, service),
    },
    logs: {
      made: await count('otel_sdk_log_created_total'),
      processed: await count('otel_sdk_processor_log_processed_total'),
      lost: await count('otel_sdk_processor_log_processed_total', lost),
      stored: await countLines(stores, lines, since),
      completed: await countLines(stores, `${lines} |= "request completed"`, since),
    },
  };
}

/**
 * What is not there was counted as lost, and no more than that, but for what was stored and not answered in time.
 *
 * @param stops how often the store was stopped since the service started: one export each may be without an answer
 * @throws when it was not so
 */
export function assertCounted({ made, stored, lost }: Records, what: string, stops: number): void {
  const account = `${made} ${what} made, ${stored} stored, ${lost} counted as lost`;
  const missing = made - stored;
  assert.ok(missing >= 0, `more stored than made: ${account}`);
  assert.ok(lost >= missing, `lost and not counted: ${account}`);
  assert.ok(lost <= missing + stops * RECORDS_PER_EXPORT, `counted and not lost: ${account}`);
}

/** By the tests, and by the other service: one call for each request to its /api/data. */
function sentTo(service: string, tallies: TallyRecord[]): number {
  const sent = tallies.filter((tally) => tally.service === service || tally.route === '/api/data');
  return sent.reduce((total, { count }) => total + count, 0);
}

/** Jaeger is asked by service: what it answers has the spans of other namespaces, too. */
function storedSpans(file: string, service: string): number {
  const evidence = openEvidence({ file, readOnly: true });
  try {
    const query = `
      SELECT count(*) AS n FROM spans JOIN resources AS r ON r.id = resource_id
      WHERE r.service = ? AND r.attributes ->> '$."service.namespace"' = 'clew'`;
    return Number(evidence.db.prepare(query).get(service)?.n);
  } finally {
    evidence.close();
  }
}
