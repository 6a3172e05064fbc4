import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { readSettings } from '../lib/settings.ts';
import { findK6, howToGetK6 } from './find-k6.ts';
import { findGateway } from './gateway.ts';
import { k6Outputs } from './k6-outputs.ts';
import { findBackend } from './local-backend.ts';
import { HELP, readOptions } from './options.ts';
import { pointers } from './pointers.ts';
import { findStory, readStories, type Story } from './stories.ts';

const COULD_NOT_RUN = 2;
const RESULTS = join(import.meta.dirname, '../results');

/** Plays what the command line asks for. @returns k6's exit code; 2 when k6 was not started. */
export async function runScenario(args: string[]): Promise<number> {
  try {
    const options = readOptions(args);
    if (options.help || options.list) {
      console.log(
        options.help
          ? HELP
          : readStories()
              .map(({ name, about }) => `${name.padEnd(20)}${about}`)
              .join('\n'),
      );
      return 0;
    }
    return await play(findStory(options.scenario), options);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return COULD_NOT_RUN;
  }
}

async function play(story: Story, options: ReturnType<typeof readOptions>): Promise<number> {
  const runId = options.runId ?? `${story.name}-${new Date().toISOString().slice(0, 19).replace(/[-:]/g, '')}`;
  const settings = {
    METRICS_URL: 'http://127.0.0.1:9464/metrics',
    ...options.env,
    TARGETS: options.targets.join(','),
    RUN_ID: runId,
    ...(options.otlp !== undefined && { OTLP_URL: options.otlp }),
  };
  readSettings({ ...process.env, ...settings }, options.flags); // k6 would say the same, in a stack trace
  const k6 = findK6();
  if (k6 === undefined) throw new Error(howToGetK6);
  const backend = await findBackend(options.backend);
  const ofGateway = story.byHand?.without === 'gateway';
  const token = process.env.FAULTS_ADMIN_TOKEN;
  const target = options.targets[0]?.replace(/^[^=]+=/, '') ?? '';
  const gateway = ofGateway ? await findGateway({ given: options.gateway, target, token }) : undefined;
  const summary = options.summary ?? join(RESULTS, runId);
  mkdirSync(summary, { recursive: true });
  for (const file of ['summary.json', 'junit.xml']) rmSync(join(summary, file), { force: true }); // of an earlier run
  const { otlp = backend?.otlpHttp, remoteWrite, json } = options;
  const outputs = k6Outputs({ otlp, remoteWrite, json });

  console.log(`${story.name}: ${story.about}\n\nIt takes ${story.takes} Run ${runId}.`);
  const helper = ofGateway ? gateway : backend;
  if (helper === undefined && story.byHand !== undefined) await askFor(story.byHand);
  const child = spawn(k6, ['run', ...outputs.args, story.file], {
    env: {
      ...process.env,
      K6_AUTO_EXTENSION_RESOLUTION: 'false',
      K6_NO_USAGE_REPORT: 'true',
      ...outputs.env,
      ...settings,
      SUMMARY: summary,
      ...(gateway !== undefined && { GATEWAY_URL: gateway }),
      ...(backend && { BACKEND_URL: backend.api }),
      ...(otlp !== undefined && { OTLP_URL: otlp }),
    },
    stdio: 'inherit',
    // Not in the terminal's process group: a Ctrl-C reaches k6 once, which then ends its faults before it goes.
    detached: true,
  });
  let asked = Number.NEGATIVE_INFINITY;
  const stop = () => {
    // One Ctrl-C may come twice: from the terminal, and from whoever started this.
    if (performance.now() - asked > 1000) child.kill('SIGINT');
    asked = performance.now();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  const [code] = (await once(child, 'exit')) as [number | null];
  const services = options.targets.map((target) => target.split('=')[0] ?? '');
  if (hasRun(summary)) console.log(pointers({ story, runId, services, backend, summary }));
  return code ?? COULD_NOT_RUN;
}

/** By its summary; k6 writes none when it cannot use the script. */
function hasRun(folder: string): boolean {
  try {
    const { notRun } = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as { notRun?: string };
    return notRun === undefined;
  } catch {
    return false;
  }
}

/** Says what k6 cannot do, and waits until the user is ready, if there is one. */
async function askFor({ without, steps }: NonNullable<Story['byHand']>): Promise<void> {
  console.log(`\nThere is no ${without} here, so by hand: ${steps}`);
  if (!process.stdin.isTTY) return;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  await terminal.question('Enter starts the run. ');
  terminal.close();
}
