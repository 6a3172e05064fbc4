import { Agent, request } from 'node:http';

/** One kind of request: what is sent, and how the service counts it. */
interface Step {
  weight: number;
  route?: string;
  path(random: () => number): string;
  /** The client goes away once the service works on it. */
  abort?: true;
}

// Every endpoint, with some errors, slow calls, wrong input and clients that go away.
const STEPS: Step[] = [
  { weight: 24, route: '/api/users', path: (random) => `/api/users?limit=${1 + Math.floor(random() * 10)}` },
  { weight: 26, route: '/api/users/:id', path: (random) => `/api/users/${1 + Math.floor(random() * 50)}` },
  { weight: 2, route: '/api/users/:id', path: () => '/api/users/999999' },
  { weight: 1, route: '/api/users/:id', path: () => '/api/users/nobody' },
  { weight: 20, route: '/api/data', path: () => '/api/data' },
  { weight: 10, route: '/api/slow', path: () => '/api/slow' },
  { weight: 4, route: '/api/slow', path: (random) => `/api/slow?ms=${Math.floor(random() * 400)}` },
  { weight: 2, route: '/api/slow', path: () => '/api/slow?ms=3000', abort: true },
  { weight: 4, route: '/api/error', path: () => '/api/error?type=random' },
  { weight: 1, route: '/api/error', path: () => '/api/error?type=exception' },
  { weight: 1, route: '/api/error', path: () => '/api/error?type=dependency' },
  { weight: 3, route: '/', path: () => '/' },
  { weight: 2, path: () => '/api/nothing-here' },
];
const TOTAL_WEIGHT = STEPS.reduce((sum, { weight }) => sum + weight, 0);
const TIMEOUT_MS = 15_000;
/** A client that goes away waits so long: a service that answers at once, as with a fault, would count that answer. */
const ABORT_AFTER_MS = 500;

/**
 * How many requests of one kind were sent to one service and what came back; no status when the client went away or the
 * answer broke off.
 */
export interface Tally {
  service: string;
  method: string;
  route?: string;
  status?: number;
  count: number;
}

export interface Traffic {
  tallies(): Tally[];
  totals(): { sent: number; errors: number; failed: number };
  /** Sends no more and resolves when every answer is in. */
  stop(): Promise<void>;
}

/**
 * Sends requests at a steady rate, whether answers come or not, to all services in turn.
 *
 * @param targets base URL by service name
 * @param rate requests per second in all
 * @param runId goes along as baggage and comes back on spans and log lines
 */
export function startTraffic(options: {
  targets: Record<string, string>;
  rate: number;
  seed: number;
  runId: string;
}): Traffic {
  const random = seededRandom(options.seed);
  const services = Object.entries(options.targets);
  const agent = new Agent({ keepAlive: true });
  const headers = { baggage: `test.run.id=${options.runId},test.scenario=demo,synthetic=true` };
  const counts = new Map<string, Tally>();
  const pending = new Set<Promise<void>>();
  const totals = { sent: 0, errors: 0, failed: 0 };
  const startedAt = performance.now();

  const send = (): void => {
    const [service, base] = services[totals.sent % services.length] as [string, string]; // there is at least one
    const step = pickStep(random);
    totals.sent += 1;
    const sent = sendOne(`${base}${step.path(random)}`, { agent, headers, abort: step.abort ?? false }).then(
      (status) => {
        if (status !== undefined && status >= 500) totals.errors += 1;
        count(counts, { service, method: 'GET', ...(step.route && { route: step.route }), ...(status && { status }) });
      },
      () => {
        totals.failed += 1;
      },
    );
    pending.add(sent);
    void sent.finally(() => pending.delete(sent));
  };
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) / 1000) * options.rate);
    while (totals.sent < due) send();
  }, 10);

  return {
    tallies: () => [...counts.values()],
    totals: () => ({ ...totals }),
    async stop() {
      clearInterval(timer);
      await Promise.all(pending);
      agent.destroy();
    },
  };
}

/** The status of the answer, undefined when the client went away or the answer broke off. Rejects when there was none. */
function sendOne(
  url: string,
  options: { agent: Agent; headers: Record<string, string>; abort: boolean },
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    // A client that leaves has to be sure that the service has begun: it asks for `100 Continue` and waits for it.
    const headers = { ...options.headers, ...(options.abort && { expect: '100-continue' }) };
    const sent = request(url, { agent: options.agent, headers, timeout: TIMEOUT_MS });
    let leaving: NodeJS.Timeout | undefined;
    let readBefore = 0;
    // A connection that ends within the answer: the service has had the request, and sees an answer that it could not give.
    const fail = (error: Error) => {
      clearTimeout(leaving);
      if ((sent.socket?.bytesRead ?? 0) > readBefore) resolve(undefined);
      else reject(error);
    };
    sent.on('socket', (socket) => {
      readBefore = socket.bytesRead; // of requests before this one
    });
    sent.on('response', (response) => {
      clearTimeout(leaving);
      response.on('end', () => resolve(response.statusCode)).on('error', fail);
      response.resume();
    });
    sent.on('continue', () => {
      leaving = setTimeout(() => sent.destroy(new Error('left')), ABORT_AFTER_MS);
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer in ${TIMEOUT_MS / 1000} s`)));
    sent.on('error', fail);
    sent.end();
  });
}

function pickStep(random: () => number): Step {
  let left = random() * TOTAL_WEIGHT;
  for (const step of STEPS) {
    left -= step.weight;
    if (left < 0) return step;
  }
  return STEPS[0] as Step; // not reached: the weights add up to the total
}

function count(counts: Map<string, Tally>, tally: Omit<Tally, 'count'>): void {
  const key = JSON.stringify(tally);
  const known = counts.get(key);
  if (known) known.count += 1;
  else counts.set(key, { ...tally, count: 1 });
}

/** mulberry32: small, fast, and the same sequence for the same seed. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
