import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { additions, filesOf, roles } from './roles.ts';

const rows = (parts: Record<string, { what: string }>) =>
  Object.entries(parts).map(([name, { what }]) => `  ${name.padEnd(18)}${what}`);
const HELP = `Usage: node clew.mjs alloy/assemble.ts ROLE[+ADDITION...] FOLDER

Copies the files of a role into a new folder, which \`alloy run FOLDER\` reads as one configuration.

Roles:
${rows(roles).join('\n')}

Additions:
${rows(additions).join('\n')}
`;

/**
 * Copies the files of a role into a folder.
 *
 * @param role as {@link filesOf} takes it
 * @throws when there is no such role, or the folder has other files: Alloy would read them too
 */
export function assemble(role: string, folder: string): void {
  const files = filesOf(role);
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new Error(`${folder} is not empty, and Alloy would read what is there too: give a new folder`);
  }
  mkdirSync(folder, { recursive: true });
  for (const file of files) cpSync(file, join(folder, basename(file)));
}

/** docs/troubleshooting.md#exit-codes */
const COULD_NOT = 2;

if (import.meta.main) {
  const [role, folder] = process.argv.slice(2);
  if (role === undefined || folder === undefined || role === '--help') {
    console.log(HELP);
    process.exitCode = role === '--help' ? 0 : COULD_NOT;
  } else {
    try {
      assemble(role, folder);
      console.log(`alloy run ${folder}`);
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = COULD_NOT;
    }
  }
}
