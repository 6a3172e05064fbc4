import { setTimeout as delay } from 'node:timers/promises';
import { type Config, draw, ProblemError } from '@clew/service';
import { createRetryBudget } from './retry-budget.ts';

export type PeerConfig = Pick<Config, 'PEER_TIMEOUT' | 'PEER_RETRIES' | 'PEER_RETRY_BUDGET' | 'SEED'>;

/** Calls another service. */
export interface Peer {
  /**
   * @param path Below the base URL, without a leading slash.
   * @param client Aborts when nobody waits for the answer any more.
   * @param isDown Asked before each try: true lets it fail as if nobody listened at the peer.
   * @returns The JSON of the answer; what it holds is the caller's to check.
   * @throws {ProblemError} 504 `peer_timeout`, 502 `peer_unavailable`; and what `client` aborts with.
   */
  getJson(path: string, client: AbortSignal, isDown?: () => boolean): Promise<unknown>;
}

/** @param baseUrl With or without a path of its own. */
export function createPeer(baseUrl: string, config: PeerConfig): Peer {
  const base = baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`;
  const budget = createRetryBudget(config.PEER_RETRY_BUDGET);
  let retries = 0;

  async function getJson(path: string, client: AbortSignal, isDown = () => false): Promise<unknown> {
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(new PeerTimeoutError()), config.PEER_TIMEOUT);
    budget.deposit();
    try {
      return await getWithRetries(new URL(path, base), AbortSignal.any([client, deadline.signal]), isDown);
    } catch (cause) {
      if (client.aborted) throw client.reason;
      if (deadline.signal.aborted)
        throw new ProblemError(504, 'The peer did not answer in time.', { code: 'peer_timeout', cause });
      throw new ProblemError(502, 'The peer cannot be used.', { code: 'peer_unavailable', cause });
    } finally {
      clearTimeout(timer);
    }
  }

  async function getWithRetries(url: URL, signal: AbortSignal, isDown: () => boolean): Promise<unknown> {
    for (let made = 0; ; made += 1) {
      try {
        if (isDown()) throw refused();
        return await getOnce(url, signal);
      } catch (error) {
        const pointless = signal.aborted || !isTransient(error) || made >= config.PEER_RETRIES;
        if (pointless || !budget.withdraw()) throw error;
      }
      // Exponential backoff with full jitter: clients that failed together do not come back together.
      const jitter = draw(config.SEED, 'peer retry', retries++);
      await delay(jitter * Math.min(1_000, 50 * 2 ** made), undefined, { signal });
    }
  }

  return { getJson };
}

async function getOnce(url: URL, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(url, { signal, redirect: 'manual', headers: { accept: 'application/json' } });
  if (response.ok) return response.json();
  // A body that is neither read nor cancelled holds its connection.
  await response.body?.cancel();
  throw new PeerStatusError(response.status);
}

/** What fetch throws when nobody listens. */
function refused(): TypeError {
  return new TypeError('fetch failed', {
    cause: Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
  });
}

/** The `code` becomes the `error.type` of the CLIENT span; that of `AbortSignal.timeout()` is the number 23. */
class PeerTimeoutError extends Error {
  override name = 'PeerTimeoutError';
  readonly code = 'peer_timeout';

  constructor() {
    super('the peer did not answer in time');
  }
}

class PeerStatusError extends Error {
  override name = 'PeerStatusError';
  readonly status: number;

  constructor(status: number) {
    super(`the peer answered ${status}`);
    this.status = status;
  }
}

/** fetch tells every network error by a TypeError; JSON that cannot be parsed is a SyntaxError. */
function isTransient(error: unknown): boolean {
  return error instanceof PeerStatusError ? [502, 503, 504].includes(error.status) : error instanceof TypeError;
}
