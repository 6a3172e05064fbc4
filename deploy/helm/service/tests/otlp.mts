import { ask } from './ask.mts';
import { type Check, problem } from './check.mts';
import { callGrpc } from './grpc.mts';
import type { Settings, Signal } from './settings.mts';
import type { Trace } from './trace.mts';

/** Where a signal goes, as the SDK reads it from its variables. */
interface Destination {
  protocol: string;
  /** With grpc the path says nothing. */
  url: string;
  headers: Record<string, string>;
}

const GRPC: Record<Signal, string> = {
  traces: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  metrics: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
  logs: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
};
const CREDENTIALS = 'give headers that it knows: global.otlp.headersSecret, with the tenant or the token';

/** What takes OTLP takes each signal of this test. */
export function otlp({ env, signals }: Settings, trace: Trace): Check[] {
  return signals.map((signal) => {
    const { protocol, url, headers } = destinationOf(signal, env);
    return {
      name: `OTLP ${signal} to ${withoutPassword(url)}, ${protocol}`,
      async look() {
        if (/\/\/[^/]*@/.test(url)) throw problem('the SDK sends no password of a URL', CREDENTIALS);
        const body = trace.request(signal);
        if (protocol === 'grpc') await sendByGrpc(signal, { url, headers, body });
        else if (protocol === 'http/protobuf') await sendByHttp({ url, headers, body });
        else throw problem(`${protocol} is not known here`, 'grpc and http/protobuf are: global.otlp.protocol');
        return signal === 'traces' ? `taken; its trace is ${trace.id}` : 'taken';
      },
    };
  });
}

/** https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
export function destinationOf(signal: Signal, env: Settings['env']): Destination {
  const of = (what: string) => env[`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${what}`] || undefined;
  const shared = (what: string) => env[`OTEL_EXPORTER_OTLP_${what}`] || undefined;
  const protocol = of('PROTOCOL') ?? shared('PROTOCOL') ?? 'grpc';
  const base = (shared('ENDPOINT') ?? '').replace(/\/$/, '');
  const url = of('ENDPOINT') ?? (protocol === 'grpc' ? base : `${base}/v1/${signal}`);
  return { protocol, url, headers: { ...headersIn(shared('HEADERS')), ...headersIn(of('HEADERS')) } };
}

function headersIn(text = ''): Record<string, string> {
  const pairs = text.split(',').filter((pair) => pair.includes('='));
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [name.trim().toLowerCase(), decodeURIComponent(value.join('=').trim())];
    }),
  );
}

interface Sent {
  url: string;
  headers: Record<string, string>;
  body: Uint8Array<ArrayBuffer>;
}

async function sendByHttp({ url, headers, body }: Sent): Promise<void> {
  const { status, body: said } = await ask(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-protobuf' },
    body,
  });
  if (status >= 200 && status < 300) return;
  const advice: Record<number, string> = {
    401: CREDENTIALS,
    403: CREDENTIALS,
    404: 'look at the path: an endpoint of one signal is taken as it stands, to a shared one /v1/SIGNAL is added',
    405: 'look at the path: what answers there takes no OTLP',
    415: 'it takes no protobuf there: look at the path, and at global.otlp.protocol',
    429: 'it is busy, or a limit of the tenant is reached: its log says which',
    503: 'it is not ready, or what it sends to is not: its log says why',
  };
  // Between the letters there may be protobuf.
  const readable = said
    .replaceAll(/[^ -~]+/g, ' ')
    .slice(0, 200)
    .trim();
  throw problem(`${status} ${readable}`, advice[status] ?? 'the log of what takes OTLP has the reason');
}

async function sendByGrpc(signal: Signal, { url, headers, body }: Sent): Promise<void> {
  const { http, status, message } = await callGrpc({ url, path: GRPC[signal], headers, body });
  if (status === 0) return;
  const advice: Record<number, string> = {
    7: CREDENTIALS,
    12: `it has no receiver for ${signal}: let a pipeline of the collector take them, or send them elsewhere (global.otlp.${signal})`,
    14: 'it is not ready, or what it sends to is not: its log says why',
    16: CREDENTIALS,
  };
  if (status === undefined) {
    throw problem(
      `HTTP ${http} without a gRPC status`,
      'something else than a collector answers: look at host and port',
    );
  }
  throw problem(
    `gRPC status ${status} ${message}`.trim(),
    advice[status] ?? 'the log of what takes OTLP has the reason',
  );
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}
