import { type InstallOptions, installTool, toolNames } from './install-tool.ts';

const HELP = `Usage: npm run tools -- NAME ...

Builds programs from their Go modules into .tools/bin, each in the version that tools/NAME/go.mod pins. What is there in
that version is kept.

Programs: ${toolNames().join(', ')}

  --help  this text
`;

const names = process.argv.slice(2);
const options: InstallOptions = { out: process.stderr };

if (names.includes('--help') || names.length === 0) {
  console.log(HELP);
} else {
  try {
    for (const name of names) console.log(await installTool(name, options));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
