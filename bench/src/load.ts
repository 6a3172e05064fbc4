import { connect, type Socket } from 'node:net';

/** What to send: for `seconds` or `requests` of them, whichever ends first; with `rate` (a second) in an open loop. */
export interface Load {
  port: number;
  path: string;
  connections: number;
  seconds: number;
  requests?: number;
  rate?: number;
}

/** What came of it: `answered` responses came whole, `cut` ones broke off, `unanswered` ones never began. */
export interface LoadResult {
  sent: number;
  answered: number;
  statuses: Record<string, number>;
  cut: number;
  unanswered: number;
  seconds: number;
}

const TICK_MS = 5;
const GRACE_MS = 15_000;
const LAST_ON_CONNECTION = /\r\nconnection: close\r\n/i;
const BODY_LENGTH = /\r\ncontent-length: (\d+)/i;

/**
 * Sends GET requests to 127.0.0.1 over keep-alive connections, one at a time on each, and resolves when every one of
 * them is answered or its connection is gone. Ready-made load generators cost more CPU than the server under test, so
 * this one speaks no more HTTP/1.1 than a Fastify server answers: each response has to have a content-length.
 */
export function runLoad({ port, path, connections, seconds, requests = Infinity, rate }: Load): Promise<LoadResult> {
  const request = `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`;
  const result = { sent: 0, answered: 0, statuses: {} as Record<string, number>, cut: 0, unanswered: 0, seconds: 0 };
  const { promise, resolve } = Promise.withResolvers<LoadResult>();
  const open = new Set<Socket>();
  const idle = new Map<Socket, () => void>();
  const start = performance.now();
  const elapsed = () => (performance.now() - start) / 1000;
  const over = () => result.sent >= requests || elapsed() >= seconds;

  const ticker = rate === undefined ? undefined : setInterval(sendWhatIsDue, TICK_MS, rate);
  const giveUp = setTimeout(() => open.forEach((socket) => void socket.destroy()), seconds * 1000 + GRACE_MS);
  for (let i = 0; i < connections; i += 1) openConnection();
  return promise;

  function openConnection(): void {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }).setEncoding('latin1');
    let connected = false;
    let waiting = false;
    let received = '';
    open.add(socket);
    socket.on('connect', () => {
      connected = true;
      next();
    });
    socket.on('data', (chunk: string) => {
      received += chunk;
      if (!isWhole(received)) return;
      const status = received.slice(9, 12);
      result.statuses[status] = (result.statuses[status] ?? 0) + 1;
      result.answered += 1;
      const last = LAST_ON_CONNECTION.test(received);
      received = '';
      waiting = false;
      if (last) socket.end();
      else next();
    });
    socket.on('error', () => {}); // 'close' follows
    socket.on('close', () => {
      if (waiting) result[received === '' ? 'unanswered' : 'cut'] += 1;
      idle.delete(socket);
      open.delete(socket);
      if (connected && !over()) openConnection();
      else if (open.size === 0) finish();
    });

    function next(): void {
      if (over()) socket.end();
      else if (rate === undefined) send();
      else idle.set(socket, send);
    }

    function send(): void {
      waiting = true;
      result.sent += 1;
      socket.write(request);
    }
  }

  function sendWhatIsDue(perSecond: number): void {
    for (const [socket, send] of idle) {
      if (over()) socket.end();
      else if (result.sent >= elapsed() * perSecond) return;
      else send();
      idle.delete(socket);
    }
  }

  function finish(): void {
    clearInterval(ticker);
    clearTimeout(giveUp);
    resolve({ ...result, seconds: elapsed() });
  }
}

function isWhole(response: string): boolean {
  const header = response.indexOf('\r\n\r\n');
  if (header === -1) return false;
  const length = BODY_LENGTH.exec(response)?.[1];
  if (length === undefined) throw new Error(`A response without content-length: ${response.slice(0, 200)}`);
  return response.length >= header + 4 + Number(length);
}
