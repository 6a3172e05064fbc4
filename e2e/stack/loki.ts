import { join } from 'node:path';
import { freePort } from '../../test/harness/free-port.ts';
import { createStore, type Store } from './store.ts';

export interface Loki extends Store {
  url: string;
  /** For OTEL_EXPORTER_OTLP_LOGS_ENDPOINT. */
  logsEndpoint: string;
}

/**
 * Loki as one process on the file system, with its write-ahead log; not yet started.
 *
 * @param settings at the top of its configuration, in the place of those here
 */
export async function createLoki(folder: string, settings: object = {}): Promise<Loki> {
  const [port, grpcPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const config = {
    auth_enabled: false,
    server: {
      http_listen_address: '127.0.0.1',
      http_listen_port: port,
      grpc_listen_address: '127.0.0.1',
      grpc_listen_port: grpcPort,
      log_level: 'warn',
    },
    common: {
      instance_addr: '127.0.0.1',
      path_prefix: folder,
      replication_factor: 1,
      ring: { kvstore: { store: 'inmemory' } },
      storage: {
        filesystem: { chunks_directory: join(folder, 'chunks'), rules_directory: join(folder, 'rules') },
      },
    },
    schema_config: {
      configs: [
        {
          from: '2024-04-01',
          store: 'tsdb',
          object_store: 'filesystem',
          schema: 'v13',
          index: { prefix: 'index_', period: '24h' },
        },
      ],
    },
    ingester: { lifecycler: { min_ready_duration: '0s', final_sleep: '0s' } },
    // How soon its parts find each other; with the default of 10 s it cannot be asked for so long.
    frontend: { scheduler_dns_lookup_period: '500ms' },
    frontend_worker: { dns_lookup_duration: '500ms' },
    analytics: { reporting_enabled: false },
    ...settings,
  };
  const args = (file: string) => [`-config.file=${file}`];
  const store = createStore({ name: 'loki', folder, config, args, readyUrl: `${url}/ready` });
  return { ...store, url, logsEndpoint: `${url}/otlp/v1/logs` };
}
