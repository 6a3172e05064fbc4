import { problem } from './check.mts';

const TIMEOUT_MS = 5000;

export interface Answer {
  status: number;
  type: string;
  body: string;
}

export interface Question {
  method?: string;
  headers?: Record<string, string>;
  body?: Uint8Array<ArrayBuffer>;
}

/**
 * Sends a request, on a connection of its own: so a Service may choose another pod each time.
 *
 * @throws when there is no answer within 5 s, with what to do
 */
export async function ask(url: string, { method = 'GET', headers = {}, body }: Question = {}): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method,
      headers: { ...headers, connection: 'close' },
      body: body ?? null,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const type = response.headers.get('content-type') ?? '';
    return { status: response.status, type, body: await response.text() };
  } catch (error) {
    throw unanswered(error, url);
  }
}

const REASONS: [said: RegExp, wrong: string, advice: string][] = [
  [
    /ERR_INVALID_URL|unknown scheme/,
    'no URL',
    'give scheme, host and port, such as http://alloy.monitoring:4317 (global.otlp.endpoint, or a variable in envFrom)',
  ],
  [
    /ENOTFOUND|EAI_AGAIN/,
    'no such host',
    'look for the Service: kubectl get services -A; with a policy, whether networkPolicy.dnsTo and dnsPort are those of DNS here',
  ],
  [
    /ECONNREFUSED/,
    'nothing listens there',
    'look whether its pods are ready: kubectl get pods; and whether the port is the one that they listen on',
  ],
  [
    /Timeout|ETIMEDOUT|AbortError|EHOSTUNREACH|ENETUNREACH/,
    `no answer within ${TIMEOUT_MS / 1000} s`,
    'look for a NetworkPolicy or a firewall in between (networkPolicy.otlpTo, otlpPort), and for pods that are overloaded',
  ],
  [
    /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/,
    'its certificate is not trusted',
    'let it have one of an authority that Node knows, or send to a collector in the cluster that has the certificate',
  ],
  [
    /HTTPParser|HPE_|UND_ERR_SOCKET|ECONNRESET|EPROTO|ERR_HTTP2|WRONG_VERSION/,
    'another protocol is spoken there',
    'look at port, scheme and protocol together: usually 4317 is for grpc, 4318 for http/protobuf (global.otlp.protocol)',
  ],
];

/** Why there was no answer, and what to do. */
export function unanswered(error: unknown, url: string): Error {
  const said = causes(error).join(': ');
  const host = URL.canParse(url) ? new URL(url).host : url;
  const [, wrong, advice] = REASONS.find(([pattern]) => pattern.test(said)) ?? [];
  return problem(`${host}: ${wrong ?? 'no answer'} (${said})`, advice ?? 'look at the log of what listens there');
}

/** fetch only says that it failed; why it did is in the cause. */
function causes(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  const own = error.message.includes(code) || code === 'Error' ? [error.message] : [code, error.message];
  return error.cause === undefined ? own : causes(error.cause);
}
