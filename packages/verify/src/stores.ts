/** The stores that are read over HTTP. */
export type StoreName = 'prometheus' | 'loki' | 'tempo' | 'jaeger';

/** The kinds of stores that can be read, with what messages about them have to say. */
export interface StoreKind<Flag extends StoreName | 'backend' = StoreName | 'backend'> {
  /** As its makers write it. */
  name: string;
  /** Command-line flag of its address; `--FLAG-header` and the like derive from it. */
  flag: Flag;
  /** Start of the names of its environment variables: `CLEW_LOKI_TOKEN`. */
  env: string;
  /** Whether it tells tenants apart by `X-Scope-OrgID`. */
  tenants: boolean;
  /** What to look at when its API is not where it was looked for. */
  addressHint: string;
}

export const prometheusKind: StoreKind<'prometheus'> = {
  name: 'Prometheus',
  flag: 'prometheus',
  env: 'CLEW_PROMETHEUS',
  tenants: true,
  addressHint:
    'Prometheus answers at its root (http://HOST:9090), Mimir below /prometheus (http://HOST:8080/prometheus)',
};

export const lokiKind: StoreKind<'loki'> = {
  name: 'Loki',
  flag: 'loki',
  env: 'CLEW_LOKI',
  tenants: true,
  addressHint: 'give what comes before /loki/api/v1 (http://HOST:3100)',
};

export const tempoKind: StoreKind<'tempo'> = {
  name: 'Tempo',
  flag: 'tempo',
  env: 'CLEW_TEMPO',
  tenants: true,
  addressHint:
    'give what comes before /api/search (http://HOST:3200; some gateways put it below /tempo), of Tempo 2.6 or newer',
};

export const jaegerKind: StoreKind<'jaeger'> = {
  name: 'Jaeger',
  flag: 'jaeger',
  env: 'CLEW_JAEGER',
  tenants: false,
  addressHint: 'give what comes before /api/v3 (http://HOST:16686, with the base path of its query service)',
};

/** The demo's own backend; its evidence is opened, not read over HTTP. */
export const localKind: StoreKind = {
  name: 'local backend',
  flag: 'backend',
  env: 'CLEW_BACKEND',
  tenants: false,
  addressHint: 'give --backend local=http://HOST:PORT with the api address that it printed when it started',
};

export const storeKinds: StoreKind<StoreName>[] = [prometheusKind, lokiKind, tempoKind, jaegerKind];
