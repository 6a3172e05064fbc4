import { once } from 'node:events';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { pathToFileURL } from 'node:url';
import { type Child, startChild } from './child.ts';

const SERVER = new URL('../dist/src/server.js', import.meta.url);
/** The same in every variant. */
const APP = new URL('../../services/full-otel/dist/', import.meta.url);
const AUTO_PACKAGE = '@opentelemetry/auto-instrumentations-node';

/** One application, several telemetry folders. */
export interface Variant {
  name: string;
  /** Its telemetry module, compiled. */
  telemetry: URL;
  nodeOptions?: string[];
  env?: Record<string, string>;
}

export const BARE: Variant = {
  name: 'bare',
  telemetry: new URL('../dist/variants/bare/telemetry/index.js', import.meta.url),
};

/** The services whose telemetry is under test. */
export const SERVICES: Variant[] = ['full-otel', 'prom-otel'].map((name) => ({
  name,
  telemetry: new URL(`../../services/${name}/dist/telemetry/index.js`, import.meta.url),
}));

const [FULL_OTEL] = SERVICES as [Variant]; // it has two

/** One service with three fault engines: none, one that no setting asks for, and one that waits for faults. */
export const FAULT_ENGINES: Variant[] = [
  {
    ...FULL_OTEL,
    name: 'none',
    nodeOptions: ['--import', new URL('../dist/variants/without-faults/register.js', import.meta.url).href],
  },
  { ...FULL_OTEL, name: 'off' },
  {
    ...FULL_OTEL,
    name: 'waiting',
    env: { FAULTS_FROM_HEADERS: 'true', FAULTS_ADMIN_TOKEN: 'bench-of-the-fault-engine' },
  },
];

/** No telemetry code at all, everything patched in from outside: what its documentation says for an ES module. */
const AUTO: Variant = {
  ...BARE,
  name: 'auto',
  nodeOptions: ['--experimental-loader', esmHook(), '--import', import.meta.resolve(`${AUTO_PACKAGE}/register`)],
  env: {
    NODE_NO_WARNINGS: '1',
    // Its other resource detectors ask cloud metadata servers: a benchmark sends nothing off this machine.
    OTEL_NODE_RESOURCE_DETECTORS: 'env,host,os,process,serviceinstance',
  },
};

export const VARIANTS: Variant[] = [BARE, ...SERVICES, AUTO];

/** What full-otel costs without exemplars, which the SDK by itself does not record. */
export const WITHOUT_EXEMPLARS: Variant = {
  ...FULL_OTEL,
  name: 'no-exemplars',
  env: { OTEL_METRICS_EXEMPLAR_FILTER: 'always_off' },
};

/** A running server; `metricsUrl` is where prom-otel is scraped. */
export interface Server extends Child {
  variant: Variant;
  port: number;
  metricsUrl: string | undefined;
}

/** Starts `variant` (see `compile`) on core 0, with its telemetry going to the sink at `sinkPort`. */
export async function startServer(
  variant: Variant,
  { sinkPort, env, stdout }: { sinkPort: number; env?: Record<string, string>; stdout?: number },
): Promise<Server> {
  const metricsPort = variant.name === 'prom-otel' ? await freePort() : undefined;
  const child = await startChild(SERVER, {
    core: 0,
    args: [variant.telemetry.href, APP.href],
    nodeOptions: variant.nodeOptions ?? [],
    env: {
      HOST: '127.0.0.1',
      PORT: '0',
      DRAIN_DELAY: '0',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${sinkPort}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      ...(metricsPort !== undefined && { METRICS_PORT: String(metricsPort), METRICS_LINGER: '15000' }),
      ...variant.env,
      ...env,
    },
    ...(stdout !== undefined && { stdout }),
  });
  return {
    ...child,
    variant,
    port: await child.ask<number>('port'),
    metricsUrl: metricsPort === undefined ? undefined : `http://127.0.0.1:${metricsPort}/metrics`,
  };
}

/** Without this hook only what is loaded by `require` is patched, and pino is not. */
function esmHook(): string {
  const require = createRequire(import.meta.resolve(AUTO_PACKAGE)); // its own copy of the instrumentation package
  return pathToFileURL(require.resolve('@opentelemetry/instrumentation/hook.mjs')).href;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // an address and not a pipe: it listens on a port
  server.close();
  await once(server, 'close');
  return port;
}
