import { Agent, request } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

const JSON_TYPE = 'application/json';

export interface ClientOptions {
  url: string;
  /** Certificate that the server's own is checked with, in PEM. */
  ca: string;
  token: string;
}

export interface Ask {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  accept?: string;
  /** Sent as JSON. */
  body?: object;
  /** Of the body. */
  type?: string;
}

export interface Answer {
  /** What JSON says; the text where the server sends none. */
  body: unknown;
  /** What kubectl and Helm would print as warnings. */
  warnings: string[];
}

export interface Client {
  /** @throws with what the server says, when that is no 2xx */
  ask(path: string, ask?: Ask): Promise<Answer>;
  close(): void;
}

interface Response {
  status: number;
  headers: NodeJS.Dict<string[]>;
  text: string;
}

const TIMEOUT_MS = 20_000;

/** Asks a server whose certificate nobody but this test knows: fetch cannot be told of it. */
export function createClient({ url, ca, token }: ClientOptions): Client {
  const agent = new Agent({ ca, keepAlive: true, maxSockets: 8 });
  const send = (path: string, { method = 'GET', accept = JSON_TYPE, body, type = JSON_TYPE }: Ask) => {
    const headers = { accept, authorization: `Bearer ${token}`, 'content-type': type };
    const asked = request(new URL(path, url), { method, headers, agent, timeout: TIMEOUT_MS });
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    asked.on('error', reject).on('timeout', () => asked.destroy(new Error(`${method} ${path}: no answer`)));
    asked.on('response', (response) => {
      const { statusCode: status = 0, headersDistinct } = response;
      text(response).then((said) => resolve({ status, headers: headersDistinct, text: said }), reject);
    });
    asked.end(body && JSON.stringify(body));
    return promise;
  };
  return {
    close: () => agent.destroy(),
    async ask(path, ask = {}) {
      const until = performance.now() + TIMEOUT_MS;
      let response = await send(path, ask);
      // Not yet: a custom resource that is new has no storage at first.
      while (response.status === 429 && performance.now() < until) {
        await delay(100);
        response = await send(path, ask);
      }
      const { status, headers, text } = response;
      const body: unknown = headers['content-type']?.[0]?.startsWith(JSON_TYPE) ? JSON.parse(text) : text;
      if (status >= 200 && status < 300) return { body, warnings: warningsOf(headers) };
      throw new Error(`${ask.method ?? 'GET'} ${path}: ${status}: ${messageOf(body)}`);
    },
  };
}

function messageOf(said: unknown): string {
  if (typeof said === 'object' && said !== null && 'message' in said) return String(said.message);
  return String(said);
}

/** `299 - "would violate PodSecurity"`, of which the words. */
function warningsOf({ warning = [] }: NodeJS.Dict<string[]>): string[] {
  return warning.map((one) => one.replace(/^\d+ \S+ "(.*)"$/, '$1'));
}
