import { createRequire } from 'node:module';
import { HELP } from './cli/help.ts';
import { runVerify } from './cli/run-verify.ts';

const [command, ...args] = process.argv.slice(2);
process.exitCode = await run().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  return 2;
});

async function run(): Promise<number> {
  if (command === 'verify') return runVerify(args);
  if (command === '--version') {
    const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
    console.log(version);
    return 0;
  }
  if (command === '--help' || command === '-h') {
    process.stdout.write(HELP);
    return 0;
  }
  console.error(`${command === undefined ? 'no command' : `${command}: no such command`}\n\n${HELP}`);
  return 2;
}
