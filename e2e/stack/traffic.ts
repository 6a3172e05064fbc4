import { setTimeout as delay } from 'node:timers/promises';
import type { TallyRecord } from '@clew/evidence';
import type { ServiceProcess } from '../../demo/src/service-process.ts';
import { everyEndpoint } from '../../test/harness/every-endpoint.ts';
import { sendAndLeave, sendRaw } from '../../test/harness/raw-client.ts';
import { type Request, sendRequest, tally } from '../../test/harness/requests.ts';

/** After each round: a fast machine would make more traces than can be read back. */
const PAUSE_MS = 100;

/** Requests that take no time, so that a stop of a store falls between many of them. */
const quick = everyEndpoint.filter(({ path }) => !path.startsWith('/api/slow'));

/** Sends the same requests to both services and counts them. */
export interface Traffic {
  /** Every kind of request once, with those that a client gives up. */
  everything(): Promise<void>;
  /** Some hundred requests a second until `over` resolves; each service gets as many of each kind. */
  steady(over: Promise<unknown>): Promise<void>;
  /** What was sent so far. */
  tallies(): TallyRecord[];
}

export function createTraffic(services: ServiceProcess[]): Traffic {
  const tallies: TallyRecord[] = [];
  const evidence = { tally: (records: TallyRecord[]) => void tallies.push(...records) };
  const toAll = (send: (service: ServiceProcess) => Promise<unknown>) => Promise.all(services.map(send));
  const sendTo = ({ name, url }: ServiceProcess, request: Request) =>
    sendRequest({ url, service: name, evidence }, request);
  return {
    everything: async () => {
      await toAll(async (service) => {
        for (const request of everyEndpoint) await sendTo(service, request);
        await sendAndLeave(`${service.url}/api/slow?ms=5000`);
        tally(evidence, service.name, { path: '/api/slow', route: '/api/slow', aborted: true }, 1);
        await sendRaw(service.url, 'NONSENSE\r\n\r\n');
      });
    },
    async steady(over) {
      let running = true;
      const ended = over.finally(() => {
        running = false;
      });
      const sent = (async () => {
        while (running) {
          for (const request of quick) await toAll((service) => sendTo(service, request));
          await delay(PAUSE_MS);
        }
      })();
      await Promise.all([ended, sent]);
    },
    tallies: () => tallies,
  };
}
