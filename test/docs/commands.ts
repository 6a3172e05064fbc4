import { readFileSync } from 'node:fs';
import { HELP as BENCH_HELP } from '../../bench/src/options.ts';
import { HELP as DEMO_HELP } from '../../demo/src/options.ts';
import { HELP as LOAD_HELP } from '../../load/runner/options.ts';
import { helpText } from '../../packages/local-backend/src/flags.ts';
import { blockLinesIn, codesIn } from '../markdown.ts';

/** What a page tells to type. */
export interface Command {
  text: string;
  /** Of package.json; undefined with a file. */
  script: string | undefined;
  /** What `node clew.mjs` runs. */
  file: string | undefined;
  options: string[];
}

const HELPS: Record<string, string> = {
  'demo/src/main.ts': DEMO_HELP,
  'load/run.ts': LOAD_HELP,
  'bench/src/main.ts': BENCH_HELP,
  'packages/local-backend/src/main.ts': helpText(),
};
/** Subcommands of pnpm itself. */
const OF_PNPM = ['install', 'exec', 'add'];

/** The scripts of the root by name. */
export const scripts: Record<string, string> = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
).scripts;

/** The commands in the code of a page that concern this repository: npm, pnpm and `node clew.mjs`. */
export function commandsIn(markdown: string): Command[] {
  return [...codesIn(markdown), ...blockLinesIn(markdown)].flatMap((line) => {
    const [text = ''] = line.split(' #');
    const [, ofNpm, ofPnpm] = /\bnpm (?:run )?(start|test|(?<=run )[\w-]+)|\bpnpm (\w[\w-]*)/.exec(text) ?? [];
    const script = ofNpm ?? (ofPnpm !== undefined && !OF_PNPM.includes(ofPnpm) ? ofPnpm : undefined);
    const file = fileIn(text);
    if (script === undefined && file === undefined) return [];
    const [, forScript = ''] = / -- (.*)/.exec(text) ?? [];
    const given = file !== undefined || ofPnpm !== undefined ? text : forScript; // npm takes what is before the --
    return [{ text, script, file, options: given.match(/(?<=\s|^)--[a-z][\w-]*/g) ?? [] }];
  });
}

/** Whether `--help` of what the command runs has the option. */
export function takes({ script, file }: Command, option: string): boolean {
  const help = HELPS[file ?? fileIn(scripts[String(script)] ?? '') ?? ''] ?? '';
  return new RegExp(`^ {2}${option}\\b`, 'm').test(help);
}

function fileIn(text: string): string | undefined {
  return /\bnode clew\.mjs ([\w./-]+\.ts)/.exec(text)?.[1];
}
