// The flags of `clew verify`, in the order of its help.

export interface Flag {
  type: 'string' | 'boolean';
  /** What stands for its value in the help. */
  value?: string;
  help: string;
  multiple?: boolean;
}

export const flags = {
  backend: {
    type: 'string',
    value: 'local[=FILE|URL]',
    help: "the local backend's evidence; without more, of the one at 127.0.0.1:4320",
  },
  prometheus: {
    type: 'string',
    value: 'URL',
    help: 'Prometheus, or Mimir with its prefix (http://HOST:8080/prometheus)',
  },
  loki: { type: 'string', value: 'URL', help: 'Loki' },
  tempo: { type: 'string', value: 'URL', help: 'Tempo' },
  jaeger: { type: 'string', value: 'URL', help: 'Jaeger, instead of Tempo' },
  namespace: { type: 'string', value: 'NAME', help: 'only services of this service.namespace' },
  service: { type: 'string', value: 'NAME', help: 'only this service.name', multiple: true },
  since: { type: 'string', value: 'TIME', help: 'ISO 8601, or how long ago (90m)' },
  until: { type: 'string', value: 'TIME', help: 'the same; now without' },
  window: { type: 'string', value: 'DURATION', help: 'how far back from the end, without --since; 1h' },
  grace: {
    type: 'string',
    value: 'DURATION',
    help: 'leaves out what is newer, because its other half may be on its way; 30s',
  },
  only: { type: 'string', value: 'CHECK', help: 'runs this check, and none that is not named', multiple: true },
  skip: { type: 'string', value: 'CHECK', help: 'leaves this check out', multiple: true },
  min: {
    type: 'string',
    value: 'CHECK=SHARE',
    help: 'the least share that holds, such as log-trace=0.99',
    multiple: true,
  },
  retention: {
    type: 'string',
    value: 'DURATION',
    help: 'for how long the trace store keeps traces; exemplars must be younger',
  },
  'tail-sampled': {
    type: 'boolean',
    help: 'a tail sampler keeps a part of the traces: spans are not counted, log lines may lead to none',
  },
  tally: {
    type: 'string',
    value: 'FILE',
    help: 'what a load generator sent: JSON [{ generator, service, method, route, status, count }]',
  },
  k6: {
    type: 'string',
    value: 'FILE',
    help: 'what k6 sent: the summary.json of a scenario in load/',
    multiple: true,
  },
  limit: { type: 'string', value: 'N', help: 'traces to look up at most; 2000' },
  'max-lines': { type: 'string', value: 'N', help: 'log lines to read at most; 1000000' },
  rate: { type: 'string', value: 'N', help: 'requests per second to a store at most; 20' },
  tenant: { type: 'string', value: 'NAME', help: 'X-Scope-OrgID for Mimir, Loki and Tempo' },
  header: { type: 'string', value: "'NAME: VALUE'", help: 'for every store', multiple: true },
  'prometheus-header': { type: 'string', value: "'NAME: VALUE'", help: 'for this store only', multiple: true },
  'loki-header': { type: 'string', value: "'NAME: VALUE'", help: 'for this store only', multiple: true },
  'tempo-header': { type: 'string', value: "'NAME: VALUE'", help: 'for this store only', multiple: true },
  'jaeger-header': { type: 'string', value: "'NAME: VALUE'", help: 'for this store only', multiple: true },
  'prometheus-selector': {
    type: 'string',
    value: '{...}',
    help: 'series to read, where service_name is no label of theirs',
  },
  'loki-selector': {
    type: 'string',
    value: '{...}',
    help: 'streams to read, where service_name is no label of theirs',
  },
  ca: { type: 'string', value: 'FILE', help: 'certificate of the authority that the stores have theirs from (PEM)' },
  cert: { type: 'string', value: 'FILE', help: 'client certificate (PEM)' },
  key: { type: 'string', value: 'FILE', help: 'its key (PEM)' },
  insecure: { type: 'boolean', help: 'does not look at certificates' },
  output: { type: 'string', value: 'FORMAT', help: 'table, json or junit; table' },
  'output-file': { type: 'string', value: 'FILE', help: 'writes it there instead of stdout' },
  keep: { type: 'string', value: 'FILE', help: 'keeps the evidence; any SQLite program reads it' },
  help: { type: 'boolean', help: 'shows this' },
} as const satisfies Record<string, Flag>;

export type FlagName = keyof typeof flags;
