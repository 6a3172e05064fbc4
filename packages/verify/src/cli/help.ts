import { storeKinds } from '../stores.ts';
import { type Flag, flags } from './flags.ts';

/** The text of `clew --help`. */
export const HELP = `Usage: clew verify --backend local | --prometheus URL --loki URL --tempo URL [flags]

Proves that metrics, logs and traces lead to each other.

Commands:
  verify     runs the checks; "clew verify --help" lists its flags

Flags:
  --help     shows this
  --version  shows the version
`;

/** The text of `clew verify --help`. */
export function verifyHelp(): string {
  const rows = Object.entries<Flag>(flags).map(([name, { value, help, multiple }]) => {
    const flag = `--${name}${value === undefined ? '' : ` ${value}`}`;
    return `  ${flag.padEnd(36)}${help}${multiple === true ? '; may be repeated' : ''}`;
  });
  const secrets = storeKinds.map(({ env }) => `  ${env}_TOKEN, ${env}_BASIC_AUTH`);
  return [
    'Usage: clew verify --backend local [flags]',
    '       clew verify --prometheus URL --loki URL --tempo URL [flags]',
    '',
    ...rows,
    '',
    'Credentials, as environment variables (bearer token; user:password), or as user:password@ in the URL:',
    ...secrets,
    '  CLEW_TOKEN, CLEW_BASIC_AUTH for every store',
    '',
    'Ends with 0 when every check holds, 1 when one falls short, 2 when something could not be checked.',
    '',
  ].join('\n');
}
