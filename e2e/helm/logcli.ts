import { spawnSync } from 'node:child_process';
import { findProgram } from '../support/programs.ts';

/** Why LogQL cannot be checked; false when it can. */
export const noLogcli = findProgram('logcli') === undefined && 'left out: no logcli; npm run tools -- loki';

/** What logcli says against a query; undefined when it can be parsed. */
export function logqlProblem(query: string): string | undefined {
  const args = ['query', '--stdin', '--quiet', query];
  const { stderr, error } = spawnSync(findProgram('logcli') ?? 'logcli', args, { input: '\n', encoding: 'utf8' });
  if (error !== undefined) throw error;
  // It parses queries for metrics too, and then says that it cannot run them over stdin.
  return /Query failed: (?!metrics Query: not supported)(.*)/.exec(stderr)?.[1];
}
