import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Part {
  /** What it is for, a phrase. */
  what: string;
  /** Relative to this folder. */
  files: string[];
}

const { roles, additions } = JSON.parse(readFileSync(join(import.meta.dirname, 'roles.json'), 'utf8')) as {
  roles: Record<string, Part>;
  additions: Record<string, Part>;
};

export { additions, roles };

/**
 * The files of a role, absolute, each once.
 *
 * @param name a role, and additions after a `+`: `docker+profiles+frontend`
 * @throws when there is no such role or addition, with those that there are
 */
export function filesOf(name: string): string[] {
  const [role = '', ...added] = name.split('+');
  const parts = [pick(roles, role, 'role'), ...added.map((addition) => pick(additions, addition, 'addition'))];
  return [...new Set(parts.flatMap(({ files }) => files))].map((file) => join(import.meta.dirname, file));
}

function pick(parts: Record<string, Part>, name: string, kind: string): Part {
  const part = parts[name];
  if (part === undefined) throw new Error(`${name}: no such ${kind}; there are ${Object.keys(parts).join(', ')}`);
  return part;
}
