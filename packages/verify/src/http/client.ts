import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, type Dispatcher, request } from 'undici';
import type { StoreKind } from '../stores.ts';
import { type Fail, readAnswer } from './answer.ts';
import { explainConnection } from './explain.ts';
import { createPace } from './pace.ts';
import { ATTEMPTS, retryDelayMs, worthRetrying } from './retry.ts';
import { StoreError } from './store-error.ts';

/** Where a store is and how to be let in. */
export interface StoreAddress {
  /** What comes before the API's own paths, without credentials. */
  url: string;
  headers: Record<string, string>;
  tls?: { ca?: string; cert?: string; key?: string; insecure?: boolean };
  /** Requests per second at most. */
  rate: number;
}

export type Query = Record<string, string | number | string[]>;

export interface Client {
  readonly kind: StoreKind;
  /** For messages. */
  readonly url: string;
  /**
   * Parsed JSON of `GET url + path?query`; undefined when `missing` says that a 404 means "there is none".
   *
   * @throws {StoreError} that says what is wrong and what to do.
   */
  get(path: string, query?: Query, options?: { missing?: boolean; headers?: Record<string, string> }): Promise<unknown>;
  /** Gives up what is under way. */
  close(): Promise<void>;
}

const TIMEOUT_MS = 60_000;
/** A shorter header value is no secret, and may be a part of any word. */
const SHORTEST_SECRET = 6;

/** Asks one store, at its pace; a store that is busy or restarting is asked again, a few times. No redirect is followed. */
export function createClient(kind: StoreKind, { url, headers, tls = {}, rate }: StoreAddress): Client {
  const { insecure = false, ...certificates } = tls;
  const agent = new Agent({
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
    connect: { rejectUnauthorized: !insecure, ...certificates },
  });
  const closing = new AbortController();
  const turn = createPace(rate);
  const base = url.replace(/\/+$/, '');
  const fail: Fail = (why, tooLarge) =>
    new StoreError(`${kind.name} at ${base}: ${withoutSecrets(why, headers)}`, tooLarge);

  async function attempt(address: string, more: Record<string, string>): Promise<Dispatcher.ResponseData> {
    await turn();
    const options = { dispatcher: agent, headers: { accept: 'application/json', ...headers, ...more } };
    for (let again = false; ; again = true) {
      try {
        return await request(address, options);
      } catch (error) {
        // A kept connection that the other side has just closed says nothing about the store.
        if (again || !isReset(error)) throw fail(explainConnection(error, kind));
      }
    }
  }

  return {
    kind,
    url: base,
    async get(path, query = {}, { missing = false, headers: more = {} } = {}) {
      const address = `${base}${path}${search(query)}`;
      for (let tries = 1; ; tries++) {
        const answer = await attempt(address, more);
        const again = worthRetrying(answer.statusCode) && tries < ATTEMPTS;
        if (!again && !(missing && answer.statusCode === 404)) return readAnswer(answer, kind, fail);
        await answer.body.dump();
        if (!again) return undefined;
        const [retryAfter] = [answer.headers['retry-after']].flat();
        await sleep(retryDelayMs(tries, retryAfter), undefined, { signal: closing.signal });
      }
    },
    close() {
      closing.abort();
      return agent.destroy();
    },
  };
}

function search(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) parameters.append(name, String(one));
  }
  return parameters.size > 0 ? `?${parameters}` : '';
}

function isReset(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ECONNRESET' || code === 'UND_ERR_SOCKET' || code === 'EPIPE';
}

/** Some gateways repeat what they were sent. */
function withoutSecrets(text: string, { 'x-scope-orgid': _tenant, ...headers }: Record<string, string>): string {
  const secrets = Object.values(headers).flatMap((value) => [value, value.replace(/^(Basic|Bearer) /, '')]);
  return secrets.reduce(
    (rest, secret) => (secret.length < SHORTEST_SECRET ? rest : rest.replaceAll(secret, '***')),
    text,
  );
}
