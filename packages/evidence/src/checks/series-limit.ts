import { bySql, type Check } from './check.ts';
import { chosen, sampled } from './scope.ts';

/** An id or a raw path in a label passes it within minutes. */
const LIMIT = 200;
/** Replicas and redeploys have others, and that is nobody's fault. */
const OF_A_PROCESS = ['instance', 'pod', 'job', 'service_instance_id', 'k8s_pod_name', 'k8s_pod_uid'];

/** Cardinality is what makes a metrics store slow and expensive. The example names the label that has the most values. */
export const seriesLimit: Check = {
  name: 'series-limit',
  title: `no metric of a service has more than ${LIMIT} series`,
  signals: ['metrics'],
  minimum: 1,
  cause: 'a label carries ids, raw paths, error texts or user input',
  fix: 'use the route template, `_OTHER` for unknown methods, and put ids on spans and log lines instead',
  examine: bySql(`
    WITH label_sets AS MATERIALIZED (
      SELECT DISTINCT service, metric, json_remove(labels, ${OF_A_PROCESS.map((label) => `'$.${label}'`).join(', ')}) AS labels
      FROM series JOIN resources AS r ON r.id = resource_id WHERE ${chosen('r.id')} AND ${sampled('series.id')})
    SELECT service, metric, count(*) AS series,
      CASE WHEN count(*) > ${LIMIT} THEN (
        SELECT label.key || ' (' || count(DISTINCT label.value) || ' values)'
        FROM label_sets AS same, json_each(same.labels) AS label
        WHERE same.metric = s.metric AND same.service = s.service
        GROUP BY label.key ORDER BY count(DISTINCT label.value) DESC LIMIT 1) END AS label,
      CASE WHEN count(*) > ${LIMIT} THEN 'failed' ELSE 'held' END AS outcome
    FROM label_sets AS s GROUP BY service, metric`),
};
