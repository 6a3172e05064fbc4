import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TallyRecord } from '@clew/evidence';
import { readK6Summary } from '@clew/verify';
import { LEASH } from './child.ts';
import type { ServiceProcess } from './service-process.ts';

/** What the runner ends with when it could not start k6, here for one that was killed; 1 is a check that falls short. */
const COULD_NOT_RUN = 2;
/** What k6 ends with when it is stopped, here also for a stop that came before k6. */
const STOPPED = 105;
const RUNNER = `${import.meta.dirname}/../../load/run.ts`;

interface ScenarioOptions {
  name: string;
  services: ServiceProcess[];
  /** API of the local backend. */
  backendUrl: string;
  /** Of the gateway that releases versions of the first service. */
  gatewayUrl: string;
  /** `FAULTS_ADMIN_TOKEN` of the services. */
  token: string;
  seed: number;
  /** For the summary. */
  folder: string;
  stop: AbortSignal;
}

/** What came of a scenario: the exit code of the runner, which is k6's, and what k6 sent. */
export interface PlayedScenario {
  code: number;
  tallies: TallyRecord[];
}

/** Plays a scenario of load/ with k6, whose output goes to the terminal. */
export async function playScenario(options: ScenarioOptions): Promise<PlayedScenario> {
  const { name, services, backendUrl, gatewayUrl, token, seed, folder, stop } = options;
  if (stop.aborted) return { code: STOPPED, tallies: [] };
  const metricsUrl = services.find((service) => service.metricsUrl !== undefined)?.metricsUrl;
  const args = [
    ...services.flatMap((service) => ['--target', `${service.name}=${service.url}`]),
    '--backend',
    backendUrl,
    '--gateway',
    gatewayUrl,
    '--seed',
    `${seed}`,
    '--summary',
    folder,
    ...(metricsUrl === undefined ? [] : ['--metrics', metricsUrl]),
  ];
  const child = spawn(process.execPath, ['--import', LEASH, RUNNER, name, ...args], {
    env: { ...process.env, FAULTS_ADMIN_TOKEN: token },
    stdio: ['pipe', 'inherit', 'inherit'],
    detached: true, // as the other children: Ctrl-C reaches the demo alone
  });
  const interrupt = () => child.kill('SIGINT');
  stop.addEventListener('abort', interrupt);
  const [code] = (await once(child, 'exit')) as [number | null];
  stop.removeEventListener('abort', interrupt);

  const file = join(folder, 'summary.json');
  const problems: string[] = [];
  const tallies = existsSync(file) ? readK6Summary(file, problems) : [];
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return { code: code ?? (stop.aborted ? STOPPED : COULD_NOT_RUN), tallies };
}
