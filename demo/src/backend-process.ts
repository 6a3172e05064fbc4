import { type Child, startChild } from './child.ts';
import { type LogStream, openLogStream } from './log-stream.ts';

const FILE = `${import.meta.dirname}/../../packages/local-backend/src/main.ts`;
const READY_TIMEOUT_MS = 20_000;

/** What the local backend says when it is ready. */
interface Ready {
  otlpGrpc: string;
  otlpHttp: string;
  api: string;
}

/** The local backend in a process of its own, in the place of Alloy and the stores. */
export interface BackendProcess extends Child, Ready {
  /** Opens a stream for the stdout lines of a service. */
  openLogStream(serviceName: string): LogStream;
  get<T>(path: string): Promise<T>;
  send(method: 'PUT' | 'POST', path: string, body?: unknown): Promise<void>;
}

/**
 * Starts the local backend and resolves when it listens. Rejects with its last lines when it does not.
 *
 * @param env on top of this process's own
 */
export async function startBackend(args: string[], env: Record<string, string> = {}): Promise<BackendProcess> {
  const child = startChild({ name: 'local-backend', file: FILE, args, env });
  const ready = await child.waitForLine(
    (line) => (line.startsWith('{"ready":true') ? (JSON.parse(line) as Ready) : undefined),
    READY_TIMEOUT_MS,
  );
  return {
    ...child,
    ...ready,
    openLogStream: (serviceName) => openLogStream(ready.api, serviceName),
    async get<T>(path: string) {
      return (await succeeded(fetch(`${ready.api}${path}`))).json() as Promise<T>;
    },
    async send(method, path, body) {
      const headers = { 'content-type': 'application/json' };
      const init = body === undefined ? { method } : { method, headers, body: JSON.stringify(body) };
      await (await succeeded(fetch(`${ready.api}${path}`, init))).arrayBuffer();
    },
  };
}

async function succeeded(answer: Promise<Response>): Promise<Response> {
  const response = await answer;
  if (response.ok) return response;
  throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
}
