import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TallyRecord } from '@clew/evidence';
import { clew, type Ended } from '../../packages/verify/test/support/clew.ts';

export interface VerifyRun extends Ended {
  /** The evidence that it filled. */
  file: string;
}

export interface VerifyRequest {
  prometheus: string;
  loki: string;
  jaeger: string;
  namespace: string;
  /** Milliseconds since the epoch. */
  since: number;
  tallies: TallyRecord[];
  folder: string;
  env?: Record<string, string>;
  /** Further arguments. */
  args?: string[];
}

let runs = 0;

/** `clew verify` on real stores. Nothing may have been sent for the last while: a window that is quiet at both ends. */
export async function verifyStores(request: VerifyRequest): Promise<VerifyRun> {
  const { prometheus, loki, jaeger, namespace, since, tallies, folder, env = {}, args = [] } = request;
  runs += 1;
  const tally = join(folder, `tally-${runs}.json`);
  const file = join(folder, `evidence-${runs}.sqlite`);
  writeFileSync(tally, JSON.stringify(tallies));
  const stores = ['--prometheus', prometheus, '--loki', loki, '--jaeger', jaeger, '--namespace', namespace];
  const window = ['--since', new Date(since).toISOString(), '--grace', '1s'];
  const flags = ['--tally', tally, '--keep', file, '--limit', '100000', '--rate', '200'];
  return { file, ...(await clew(['verify', ...stores, ...window, ...flags, ...args], env)) };
}

/** `clew verify` on evidence that is there already. */
export function verifyFile(file: string, args: string[] = []): Promise<Ended> {
  return clew(['verify', '--backend', `local=${file}`, ...args]);
}
