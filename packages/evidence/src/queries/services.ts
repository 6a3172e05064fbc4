import type { Evidence } from '../open.ts';
import type { Attributes } from '../records.ts';
import { rows } from '../sql.ts';

/** A service and what it has sent since the store was made, evicted records included. */
export interface ServiceSummary {
  name: string;
  spans: number;
  logs: number;
  points: number;
  exemplars: number;
  /** Wall clock of its last records, microseconds. */
  seenUs: number;
  /** Resource attributes, one entry per process or target. */
  resources: Attributes[];
}

/** All services that sent anything, by name. */
export function listServices({ db }: Pick<Evidence, 'db'>): ServiceSummary[] {
  const found = rows<Omit<ServiceSummary, 'resources'> & { resources: string }>(
    db,
    `SELECT service AS name, sum(spans) AS spans, sum(logs) AS logs, sum(points) AS points, sum(exemplars) AS exemplars,
       max(seen_us) AS seenUs, json_group_array(json(attributes)) AS resources
     FROM resources GROUP BY service ORDER BY service`,
  );
  return found.map((service) => ({ ...service, resources: JSON.parse(service.resources) }));
}
