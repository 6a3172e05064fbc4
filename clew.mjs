// `node clew.mjs FILE [ARGS]` runs a TypeScript file, `node clew.mjs --test [GLOBS]` the tests, with the Node and the
// packages that this workspace pins. On a fresh clone, or after a pull, it installs them first; all it needs is npm.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, statSync, utimesSync } from 'node:fs';

process.chdir(import.meta.dirname);
const node = `${import.meta.dirname}/node_modules/.bin/node`;
const changed = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

if (changed('node_modules/.modules.yaml') < changed('pnpm-lock.yaml')) {
  const { packageManager } = JSON.parse(readFileSync('package.json', 'utf8'));
  console.error('Installing the pinned Node and packages (about half a minute, once) ...');
  const { status } = spawnSync('npx', ['-y', packageManager, 'install', '--frozen-lockfile'], { stdio: 'inherit' });
  if (status !== 0) process.exit(2); // docs/troubleshooting.md#exit-codes
  utimesSync('node_modules/.modules.yaml', new Date(), new Date()); // pnpm leaves it when there was nothing to do
}

const tests = ['packages', 'services', 'demo', 'bench', 'load', 'alloy', 'tools', 'test'].map(
  (dir) => `${dir}/**/*.test.ts`,
);
const [first, ...rest] = process.argv.slice(2);
// They wait more than they compute: side by side on a machine of two cores, too.
const all = ['--test-concurrency=2', ...tests];
const args = first === '--test' ? ['--test', ...(rest.length > 0 ? rest : all)] : [first, ...rest];
// Hundreds of short processes, each of which would compile the same files again.
const cache = { NODE_COMPILE_CACHE: `${import.meta.dirname}/node_modules/.cache/clew-test` };
const env = first === '--test' ? { ...cache, ...process.env } : process.env;
const child = spawn(node, ['-C', 'clew-source', ...args], { stdio: 'inherit', env });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => (signal ? process.kill(process.pid, 'SIGKILL') : process.exit(code)));
