import type { DatabaseSync } from 'node:sqlite';
import { canonicalJson } from '../canonical.ts';
import type { Attributes, Batch, Resource } from '../records.ts';
import { nowUs } from '../times.ts';

export interface StoredResource {
  id: number;
  service: string;
}

export interface ResourceWriter {
  /** Finds or inserts the resource. */
  store(resource: Resource): StoredResource;
  /** Adds a batch's records to what the resource has sent so far. */
  count(resource: StoredResource, batch: Batch): void;
  /** Forgets ids that a rollback may have undone. */
  forget(): void;
}

export function resourceWriter(db: DatabaseSync): ResourceWriter {
  const known = new Map<string, StoredResource>();
  // The no-op update makes RETURNING yield the row that was there before, too.
  const upsert = db.prepare(
    `INSERT INTO resources (service, attributes, seen_us) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET service = service RETURNING id`,
  );
  const add = db.prepare(
    `UPDATE resources SET spans = spans + ?, logs = logs + ?, points = points + ?, exemplars = exemplars + ?, seen_us = ?
     WHERE id = ?`,
  );

  return {
    store({ attributes }) {
      const json = canonicalJson(attributes);
      let resource = known.get(json);
      if (!resource) {
        const service = serviceOf(attributes);
        resource = { id: Number(upsert.get(service, json, nowUs())?.id), service };
        known.set(json, resource);
      }
      return resource;
    },
    count({ id }, { spans, logs, points, exemplars }) {
      const counts = [spans, logs, points, exemplars].map((records) => records?.length ?? 0);
      add.run(...counts, nowUs(), id);
    },
    forget: () => known.clear(),
  };
}

/** `service.name`; the target labels of a scrape or a log stream have an underscore there. */
function serviceOf(attributes: Attributes): string {
  const name = attributes['service.name'] ?? attributes.service_name;
  return typeof name === 'string' && name !== '' ? name : 'unknown_service';
}
