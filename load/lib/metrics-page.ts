import http from 'k6/http';
import { endRun } from './end-run.ts';
import { type Sample, samplesOf } from './samples.ts';
import type { Settings } from './settings.ts';

/** The samples of one metric at `METRICS_URL`. */
export function scrape({ metricsUrl }: Settings, metric: string): Sample[] {
  if (metricsUrl === undefined) {
    endRun("this scenario reads the last target's metrics: set METRICS_URL, such as http://127.0.0.1:9464/metrics");
  }
  const response = http.get(String(metricsUrl), {
    tags: { name: 'GET /metrics', to: 'metrics' },
    responseType: 'text',
    timeout: '5s',
  });
  if (response.status !== 200) {
    endRun(`METRICS_URL=${metricsUrl}: ${response.status === 0 ? response.error : `status ${response.status}`}`);
  }
  return samplesOf(String(response.body), metric);
}
