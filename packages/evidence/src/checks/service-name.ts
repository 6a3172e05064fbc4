import { byRow, type Check } from './check.ts';
import { chosen, sending } from './scope.ts';

/** Without service.name a record belongs to nobody: no panel, no alert and no link finds it. */
export const serviceName: Check = {
  name: 'service-name',
  title: 'every resource that sends traces, metrics or logs has a service.name',
  signals: ['traces', 'metrics', 'logs'],
  minimum: 1,
  cause:
    'OTEL_SERVICE_NAME is not set (SDKs then say `unknown_service`), or a scrape target or log stream has no such label',
  fix: 'set OTEL_SERVICE_NAME; add `service_name` to the labels of the target or stream in the collector',
  examine: byRow<{ service: string; attributes: string }>(
    `SELECT service, spans, logs, points, attributes
     FROM resources AS r WHERE spans + logs + points + exemplars > 0 AND ${chosen('r.id')} AND ${sending('r.id')}`,
    ({ attributes, ...resource }) => {
      const named = !resource.service.startsWith('unknown_service');
      return { ...resource, attributes: JSON.parse(attributes), outcome: named ? 'held' : 'failed' };
    },
  ),
};
