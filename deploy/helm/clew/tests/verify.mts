// What `helm test` runs with the image of clew verify: calls the services, then asks the stores again and again until
// every check holds for what these calls left there. Arguments go to clew verify.
import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

const { TARGETS = '', WAIT_SECONDS = '220', FIRST_LOOK_SECONDS = '45' } = process.env;

/** What each check needs something of: answers, a trace over both services, a slow request, an error. */
const CALLS = ['/api/users/7', '/api/data', '/api/slow?ms=300', '/api/error?type=exception'];
const TIMES = 5;
const CALL_TIMEOUT_MS = 15_000;
const PAUSE_MS = 15_000;
const WHAT_TO_DO = `
Not everything holds. The report names the likely cause of each check that falls short; beyond that:
  nothing of a service to be found: do its tests pass? helm test runs them first
  traces are missing: with tail sampling set tests.verify.flags to [--skip, request-counts, --tail-sampled]
  it comes, but late: metrics go out once a minute; raise tests.verify.timeoutSeconds, and --timeout of helm test
  a store answers 401 or 403: tests.verify.existingSecret with CLEW_TOKEN or CLEW_BASIC_AUTH, and tests.verify.tenant
`;

const start = Date.now();
console.log('\nclew verify');
for (const target of TARGETS.split(',')) await call(target);
await delay(1000 * Number(FIRST_LOOK_SECONDS));
process.exitCode = await verifyUntil(start + 1000 * Number(WAIT_SECONDS));

/** @param target as NAME=URL */
async function call(target: string): Promise<void> {
  const [name = '', url = ''] = target.split('=');
  const statuses = new Map<number, number>();
  for (const path of Array.from({ length: TIMES }, () => CALLS).flat()) {
    const status = await statusOf(`${url}${path}`);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  console.log(`  called ${name}: ${[...statuses].map(([status, count]) => `${count} x ${status}`).join(', ')}`);
}

async function statusOf(url: string): Promise<number> {
  try {
    const { status, body } = await fetch(url, { signal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
    await body?.cancel();
    return status;
  } catch (error) {
    const { cause = error } = error as Error;
    const reason = cause instanceof Error ? cause.message : cause;
    console.log(`  no answer from ${url}: ${reason}\n  Do the tests of the services pass? helm test runs them first.`);
    process.exit(2);
  }
}

/** Looks until every check holds, or the time is over; resolves with what the process is to end with. */
async function verifyUntil(endMs: number): Promise<number> {
  for (;;) {
    const { code, output } = await verify();
    const seconds = Math.round((Date.now() - start) / 1000);
    if (code === 0) console.log(`${output}\nEvery check holds, ${seconds} s after the first call.`);
    else if (Date.now() >= endMs) console.log(`${output}\n${WHAT_TO_DO}`);
    else {
      console.log(
        `  after ${seconds} s: ${code === 1 ? 'a check falls short' : 'not all could be checked'}, so once more`,
      );
      await delay(PAUSE_MS);
      continue;
    }
    return code;
  }
}

function verify(): Promise<{ code: number; output: string }> {
  const since = ['--since', new Date(start - 1000).toISOString()];
  const child = spawn(process.execPath, ['bin/clew.mjs', 'verify', ...process.argv.slice(2), ...since]);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 2, output }));
  });
}
