import { helpText, parseFlags } from './flags.ts';
import { startLocalBackend } from './local-backend.ts';
import { messageOf } from './message-of.ts';

const { help, exitWithParent, options, problems } = parseFlags(process.argv.slice(2), process.env);
if (help) {
  console.log(helpText());
  process.exit(0);
}
if (problems.length > 0) fail([...problems, 'see --help'].join('\n'));

const backend = await startLocalBackend(options).catch((error: unknown) => fail(whyNotStarted(error)));
// A terminal signals the whole process group, and clew.mjs passes the signal on: one Ctrl-C arrives several times.
const SAME_CTRL_C_MS = 1_000;
let stoppingSince: number | undefined;
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => void stop());
if (exitWithParent) process.stdin.on('end', () => void stop()).resume();

// Last: who reads it may send a signal at once.
const { grpcUrl, httpUrl, apiUrl } = backend;
console.log(
  JSON.stringify({ ready: true, otlpGrpc: grpcUrl, otlpHttp: httpUrl, api: apiUrl, file: options.file ?? null }),
);

/** Stores what has been received and ends; asked again after a second, ends at once. */
async function stop(): Promise<void> {
  if (stoppingSince !== undefined) {
    if (performance.now() - stoppingSince > SAME_CTRL_C_MS) process.exit(1);
    return;
  }
  stoppingSince = performance.now();
  await backend.close();
  process.exit(0);
}

function whyNotStarted(error: unknown): string {
  const { code, port } = error as NodeJS.ErrnoException & { port?: number };
  if (code !== 'EADDRINUSE') return messageOf(error);
  const flags = { 'otlp-grpc-port': options.grpcPort, 'otlp-http-port': options.httpPort, 'api-port': options.apiPort };
  const flag = Object.entries(flags).find(([, value]) => value === port)?.[0];
  return `port ${port} on ${options.host} is in use: choose another with --${flag}, or 0 for a free one`;
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
