import { bySql, type Check } from './check.ts';
import { chosen } from './scope.ts';

/** Series per metric of one process; an id or a raw path in a label passes it within minutes. */
const LIMIT = 200;

/** Cardinality is what makes a metrics store slow and expensive. The example names the label that has the most values. */
export const seriesLimit: Check = {
  name: 'series-limit',
  title: `no metric of a service has more than ${LIMIT} series`,
  minimum: 1,
  cause: 'a label carries ids, raw paths, error texts or user input',
  fix: 'use the route template, `_OTHER` for unknown methods, and put ids on spans and log lines instead',
  examine: bySql(`
    SELECT service, metric, count(*) AS series,
      CASE WHEN count(*) > ${LIMIT} THEN (
        SELECT label.key || ' (' || count(DISTINCT label.value) || ' values)'
        FROM series AS same, json_each(same.labels) AS label
        WHERE same.metric = s.metric AND same.resource_id = s.resource_id AND same.source = s.source
        GROUP BY label.key ORDER BY count(DISTINCT label.value) DESC LIMIT 1) END AS label,
      CASE WHEN count(*) > ${LIMIT} THEN 'failed' ELSE 'held' END AS outcome
    FROM series AS s JOIN resources AS r ON r.id = s.resource_id
    WHERE ${chosen('r.id')} GROUP BY s.metric, s.resource_id, s.source`),
};
