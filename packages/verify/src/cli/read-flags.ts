import { parseArgs } from 'node:util';
import { type Flag, type FlagName, flags } from './flags.ts';

/** What was given on the command line. */
export interface GivenFlags {
  /** Values of a flag, in their order. */
  texts(name: FlagName): string[];
  /** The only value of one that is not repeated. */
  text(name: FlagName): string | undefined;
  has(name: FlagName): boolean;
}

/** Reads arguments; adds to `problems` what is no flag, has no value, or is there too often. */
export function readFlags(args: string[], problems: string[]): GivenFlags {
  const { tokens } = parseArgs({ args, options: flags, strict: false, tokens: true });
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') problems.push(`${token.value}: not expected; every argument has a flag`);
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    const flag: Flag | undefined = Object.hasOwn(flags, name) ? flags[name as FlagName] : undefined;
    const before = values.get(name) ?? [];
    if (flag === undefined) problems.push(`${rawName}: no such flag`);
    else if (flag.type === 'string' && !hasValue(token)) problems.push(`${rawName}: needs a value`);
    else if (flag.type === 'boolean' && value !== undefined) problems.push(`${rawName}: takes no value`);
    else if (flag.multiple !== true && before.length > 0) problems.push(`${rawName}: given more than once`);
    values.set(name, [...before, value ?? '']);
  }
  const texts = (name: FlagName) => (values.get(name) ?? []).filter((value) => value !== '');
  return { texts, text: (name) => texts(name)[0], has: (name) => values.has(name) };
}

/** In `--since --until 1h` the value of the first is missing, not `--until`. */
function hasValue({ value, inlineValue }: { value: string | undefined; inlineValue: boolean | undefined }): boolean {
  return value !== undefined && value !== '' && (inlineValue === true || !value.startsWith('--'));
}
