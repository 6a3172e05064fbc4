import { type InstallOptions, installTool } from './install-tool.ts';
import { tools } from './programs.ts';
import { duration } from './progress.ts';

const names = Object.keys(tools);
const rows = Object.entries(tools).map(
  ([name, { programs, seconds, megabytes }]) =>
    `  ${name.padEnd(12)}${programs.padEnd(24)}${`${megabytes} MB`.padStart(6)}, ${duration(seconds).padStart(5)}`,
);
const HELP = `Usage: npm run tools [-- NAME ...]

Builds programs from their Go modules into .tools/bin, each in the version that tools/NAME/go.mod pins; all of them when
none is named. What is there in that version is kept.

Names, with the programs, their size, and the time that a first build takes on two cores:
${rows.join('\n')}

  --help  this text
`;

const args = process.argv.slice(2);
const options: InstallOptions = { out: process.stderr };

if (args.includes('--help')) {
  console.log(HELP);
} else {
  // The others are of use without the one that cannot be built.
  for (const name of args.length > 0 ? args : names) {
    try {
      for (const program of await installTool(name, options)) console.log(program);
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 2; // docs/troubleshooting.md#exit-codes
    }
  }
}
