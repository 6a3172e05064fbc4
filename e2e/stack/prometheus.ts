import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../test/harness/free-port.ts';
import { createStore, type Store } from './store.ts';

export interface Target {
  /** `127.0.0.1:9464` */
  address: string;
  labels: Record<string, string>;
}

export interface Prometheus extends Store {
  url: string;
  /** For OTEL_EXPORTER_OTLP_METRICS_ENDPOINT. */
  metricsEndpoint: string;
  /** From now on it scrapes these. */
  scrape(targets: Target[]): void;
}

/**
 * Prometheus with what it takes to keep exemplars and to receive OTLP; not yet started.
 *
 * @param groups of rules, as in its rule files; it evaluates them every second
 */
export async function createPrometheus(folder: string, groups: object[] = []): Promise<Prometheus> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const targets = join(folder, 'targets.json');
  const rules = join(folder, 'rules.yaml');
  const config = {
    global: { scrape_interval: '2s', evaluation_interval: '1s' },
    rule_files: [rules],
    // Without it these four are on target_info alone. The rest of a resource stays there: it would make new series.
    otlp: {
      promote_resource_attributes: [
        'service.name',
        'service.namespace',
        'service.instance.id',
        'deployment.environment.name',
      ],
    },
    storage: {
      // An export that is tried again may come after a newer one.
      tsdb: { out_of_order_time_window: '10m' },
      exemplars: { max_exemplars: 100_000 },
    },
    scrape_configs: [{ job_name: 'services', file_sd_configs: [{ files: [targets], refresh_interval: '1s' }] }],
  };
  const store = createStore({
    name: 'prometheus',
    folder,
    config,
    args: (file) => [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-otlp-receiver',
      // For Alloy.
      '--web.enable-remote-write-receiver',
      '--enable-feature=exemplar-storage',
      '--log.level=warn',
    ],
    readyUrl: `${url}/-/ready`,
  });
  writeFileSync(rules, JSON.stringify({ groups }));
  return {
    ...store,
    url,
    metricsEndpoint: `${url}/api/v1/otlp/v1/metrics`,
    scrape(list) {
      const groups = list.map(({ address, labels }) => ({ targets: [address], labels }));
      writeFileSync(targets, JSON.stringify(groups));
    },
  };
}
