import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const OURS = join(import.meta.dirname, '../../.tools/bin');
const NEEDED = ['helm', 'kubeconform', 'promtool'];

/** The path of a program: built by this workspace, or on PATH. */
export function findProgram(name: string): string | undefined {
  const folders = [OURS, ...(process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

const missing = NEEDED.filter((name) => findProgram(name) === undefined);
const tools = missing.map((name) => (name === 'promtool' ? 'prometheus' : name));
const howToGet = `${missing.join(', ')}: neither in .tools/bin nor on PATH; npm run tools -- ${tools.join(' ')}`;

/** Why the tests of the charts are left out; false when they are not. */
export const leftOut = missing.length > 0 && process.env.E2E_ALLOW_MISSING === '1' && `left out: ${howToGet}`;

/** @throws when a program is missing, with what to do */
export function needAll(): void {
  if (missing.length > 0) throw new Error(`${howToGet}; E2E_ALLOW_MISSING=1 leaves these tests out`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
