import { type Child, startChild } from './child.ts';

/** The local backend as a process of its own, as Alloy and the stores would be. */
export interface BackendProcess extends Child {
  otlpGrpc: string;
  otlpHttp: string;
  api: string;
  /** Where the evidence is. */
  file: string;
  /** Takes a line of a service's stdout. */
  logLines(service: string): (line: string) => void;
  get<T>(path: string): Promise<T>;
  send(method: 'PUT' | 'POST', path: string, body: unknown): Promise<void>;
}

interface Ready {
  ready: true;
  otlpGrpc: string;
  otlpHttp: string;
  api: string;
  file: string;
}

const FILE = `${import.meta.dirname}/../../packages/local-backend/src/main.ts`;

/** Starts the local backend and resolves when it listens. Throws with its last lines when it does not. */
export async function startBackend(args: string[]): Promise<BackendProcess> {
  const child = startChild({ name: 'local-backend', file: FILE, args });
  const ready = await child.waitForLine((line) => (line.startsWith('{"ready"') ? (JSON.parse(line) as Ready) : undefined), 20_000);
  const { api } = ready;
  return {
    ...child,
    ...ready,
    logLines: (service) => {
      const stream = openLogStream(`${api}/api/logs?service.name=${service}&service.namespace=clew`);
      child.ended.then(stream.end);
      return stream.line;
    },
    async get<T>(path: string) {
      return (await answered(fetch(`${api}${path}`))).json() as Promise<T>;
    },
    async send(method, path, body) {
      const headers = { 'content-type': 'application/json' };
      await answered(fetch(`${api}${path}`, { method, headers, body: JSON.stringify(body) }));
    },
  };
}
