import { join } from 'node:path';
import { freePort } from '../../test/harness/free-port.ts';
import { createStore, type Store } from './store.ts';

export interface Jaeger extends Store {
  /** Of the query service. */
  url: string;
  /** For OTEL_EXPORTER_OTLP_TRACES_ENDPOINT. */
  tracesEndpoint: string;
}

/** Jaeger 2 with a store that outlives it; not yet started. */
export async function createJaeger(folder: string): Promise<Jaeger> {
  const [http, grpc, otlpHttp, otlpGrpc, health] = await Promise.all(Array.from({ length: 5 }, freePort));
  const on = (port: number | undefined) => ({ endpoint: `127.0.0.1:${port}` });
  const badger = {
    directories: { keys: join(folder, 'keys'), values: join(folder, 'values') },
    ephemeral: false,
  };
  const config = {
    service: {
      extensions: ['jaeger_storage', 'jaeger_query', 'healthcheckv2'],
      // Without a batch processor: what it has answered, it has stored.
      pipelines: { traces: { receivers: ['otlp'], exporters: ['jaeger_storage_exporter'] } },
      telemetry: { metrics: { level: 'none' }, logs: { level: 'warn' } },
    },
    extensions: {
      healthcheckv2: { use_v2: true, http: on(health) },
      jaeger_storage: { backends: { main: { badger } } },
      jaeger_query: { storage: { traces: 'main' }, http: on(http), grpc: on(grpc) },
    },
    receivers: { otlp: { protocols: { http: on(otlpHttp), grpc: on(otlpGrpc) } } },
    exporters: { jaeger_storage_exporter: { trace_storage: 'main' } },
  };
  const args = (file: string) => [`--config=${file}`];
  const url = `http://127.0.0.1:${http}`;
  const store = createStore({
    name: 'jaeger',
    folder,
    config,
    args,
    // Its own traces would go to port 4317, whoever listens there, and where nobody does a stop takes ten seconds more.
    env: { OTEL_TRACES_SAMPLER: 'always_off' },
    readyUrl: `http://127.0.0.1:${health}/status`,
  });
  return { ...store, url, tracesEndpoint: `http://127.0.0.1:${otlpHttp}/v1/traces` };
}
