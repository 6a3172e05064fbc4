import type { DatabaseSync } from 'node:sqlite';
import type { Batch } from '../records.ts';
import { transaction } from '../sql.ts';
import { nowUs } from '../times.ts';
import { exemplarWriter } from './exemplars.ts';
import { gapWriter } from './gaps.ts';
import { logWriter } from './logs.ts';
import { pointWriter } from './points.ts';
import { requestTotals } from './request-totals.ts';
import { resourceWriter } from './resources.ts';
import { seriesWriter } from './series.ts';
import { spanWriter } from './spans.ts';

export interface BatchWriter {
  write(batches: Batch[]): void;
  /** Forgets what is cached of resources and series, because rows of theirs are gone. */
  forget(): void;
}

export function batchWriter(db: DatabaseSync): BatchWriter {
  const resources = resourceWriter(db);
  const series = seriesWriter(db);
  const totals = requestTotals(db);
  const writeSpan = spanWriter(db, totals);
  const writeLog = logWriter(db, totals);
  const writePoint = pointWriter(db);
  const writeExemplar = exemplarWriter(db);
  const writeGaps = gapWriter(db);

  function writeBatch(batch: Batch): void {
    const resource = resources.store(batch.resource);
    let duplicates = 0;
    for (const span of batch.spans ?? []) if (!writeSpan(resource, span)) duplicates += 1;
    for (const log of batch.logs ?? []) writeLog(resource, log);
    for (const point of batch.points ?? []) writePoint(series.store(resource, point), point);
    for (const exemplar of batch.exemplars ?? []) writeExemplar(series.store(resource, exemplar), exemplar);
    resources.count(resource, batch);
    writeGaps([
      { kind: 'rejected', signal: 'traces', reason: 'span id seen before', count: duplicates, timeUs: nowUs() },
    ]);
  }

  function forget(): void {
    resources.forget();
    series.forget();
    totals.forget();
  }

  return {
    write(batches) {
      try {
        transaction(db, () => {
          for (const batch of batches) writeBatch(batch);
          totals.flush();
        });
      } catch (error) {
        forget();
        throw error;
      }
    },
    forget,
  };
}
