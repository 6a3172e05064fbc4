import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const OURS = join(import.meta.dirname, '../../.tools/bin');
/** Programs that come with another one. */
const BUILT_WITH: Record<string, string> = { promtool: 'prometheus', logcli: 'loki', 'kube-apiserver': 'kubernetes' };

/** The path of a program: built by this workspace, or on PATH. */
export function findProgram(name: string): string | undefined {
  const folders = [OURS, ...(process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

export interface Needed {
  /** Why a suite is left out: with `E2E_ALLOW_MISSING=1`, when a program is missing. Else false. */
  leftOut: string | false;
  /** Throws when a program is missing, with what to do. */
  needAll(): void;
}

/** What to do about programs that a suite cannot do without. */
export function needed(...names: string[]): Needed {
  const missing = names.filter((name) => findProgram(name) === undefined);
  const tools = missing.map((name) => BUILT_WITH[name] ?? name);
  const howToGet = `${missing.join(', ')}: neither in .tools/bin nor on PATH; npm run tools -- ${tools.join(' ')}`;
  return {
    leftOut: missing.length > 0 && process.env.E2E_ALLOW_MISSING === '1' && `left out: ${howToGet}`,
    needAll() {
      if (missing.length > 0) throw new Error(`${howToGet}; E2E_ALLOW_MISSING=1 leaves these tests out`);
    },
  };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
