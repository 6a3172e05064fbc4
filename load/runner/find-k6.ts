import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';

const OURS = join(import.meta.dirname, '../../.tools/bin');

/**
 * The path of a k6 2: on PATH, or built by this workspace.
 *
 * @returns undefined when there is none: `howToGetK6` says what to do.
 */
export function findK6(env: NodeJS.ProcessEnv = process.env, ours = OURS): string | undefined {
  const folders = [...(env.PATH ?? '').split(delimiter).filter((folder) => folder !== ''), ours];
  return folders.map((folder) => join(folder, 'k6')).find(isK6);
}

export const howToGetK6 =
  'k6 2 is neither on PATH nor in .tools/bin: build it with Go (npm run tools -- k6), or install it (https://grafana.com/docs/k6/latest/set-up/install-k6/)';

function isK6(path: string): boolean {
  const { stdout } = spawnSync(path, ['version'], {
    encoding: 'utf8',
    env: { ...process.env, K6_AUTO_EXTENSION_RESOLUTION: 'false' },
  });
  return /^k6(\.exe)? v2\./.test(stdout ?? '');
}
