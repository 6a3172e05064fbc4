import { Rate, Trend } from 'k6/metrics';
import type { Journey, Run } from '../lib/play.ts';

const duration = new Trend('release_duration', true);
const onNewVersion = new Rate('on_new_version');

/**
 * A journey whose requests to the first target are measured by the version that answered, `old` or `new`, and by the stage
 * of its release at that moment. A gateway says both; without one the stage goes by `stageNow`.
 */
export function perVersion(newVersion: string, stageNow: (run: Run) => string, journey: Journey): Journey {
  return (client, run) => {
    const get: typeof client.get = (route, options) => {
      const response = client.get(route, options);
      const { 'X-Served-By': servedBy, 'X-Release-Stage': stage = stageNow(run) } = response.headers;
      if (servedBy !== undefined) onNewVersion.add(servedBy === newVersion, { stage });
      const version = servedBy === newVersion ? 'new' : 'old';
      duration.add(response.timings.duration, { stage, route, ...(servedBy !== undefined && { version }) });
      return response;
    };
    journey(client.position === 0 ? { ...client, get } : client, run);
  };
}
