import { Agent, request as httpRequest } from 'node:http';
import type { Evidence } from '../../packages/evidence/src/index.ts';
import { type Request, tally } from './requests.ts';
import type { RunningService } from './running-service.ts';

export interface LoadOptions {
  /** What to send, in turn. */
  requests: Request[];
  /** Keep-alive connections, with one request at a time on each. */
  connections: number;
  /** How many in all; without it, each connection goes on until an answer says `Connection: close`. */
  count?: number;
}

export interface Load {
  /** Answers that are complete so far. */
  answered(): number;
  /** Resolves when every connection is done, with what did not get its answer, or not the one that it says. */
  done: Promise<string[]>;
}

/** Sends as fast as answers come, and tallies what was answered. */
export function startLoad({ url, name }: RunningService, evidence: Evidence, options: LoadOptions): Load {
  const { requests, connections, count = Number.POSITIVE_INFINITY } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const answers = new Map<Request, number>();
  const failures: string[] = [];
  let sent = 0;
  let answered = 0;

  const connection = async (): Promise<void> => {
    while (sent < count) {
      const request = requests[sent++ % requests.length] as Request; // there is at least one
      try {
        const { status, last } = await sendOne(`${url}${request.path}`, agent);
        if (status !== (request.status ?? 200)) failures.push(`${request.path} answered ${status}`);
        answers.set(request, (answers.get(request) ?? 0) + 1);
        answered += 1;
        if (last) return;
      } catch (error) {
        failures.push(`${request.path} was cut: ${error}`);
        return;
      }
    }
  };
  const done = Promise.all(Array.from({ length: connections }, connection)).then(() => {
    agent.destroy();
    for (const [request, times] of answers) tally(evidence, name, request, times);
    return failures;
  });
  return { answered: () => answered, done };
}

function sendOne(url: string, agent: Agent): Promise<{ status: number; last: boolean }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { agent, timeout: 30_000 });
    sent.on('response', (response) => {
      const { statusCode = 0, headers } = response;
      response
        .on('end', () => resolve({ status: statusCode, last: headers.connection === 'close' }))
        .on('error', reject);
      response.resume();
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer in 30 s'))).on('error', reject);
    sent.end();
  });
}
