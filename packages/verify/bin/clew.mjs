#!/usr/bin/env node
// In the workspace it runs the TypeScript source, in an installed package what was built from it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const LEAST_NODE = 26; // node:sqlite as the evidence uses it
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const tooOld = (version) => Number.parseInt(version, 10) < LEAST_NODE;

if (existsSync(path('../src/main.ts'))) {
  const pinned = path('../../../node_modules/.bin/node');
  const node = tooOld(process.versions.node) && existsSync(pinned) ? pinned : process.execPath;
  const args = ['-C', 'clew-source', path('../src/main.ts'), ...process.argv.slice(2)];
  const child = spawn(node, args, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = signal ? 130 : code;
  });
} else if (tooOld(process.versions.node)) {
  console.error(`clew needs Node ${LEAST_NODE} or newer; this is ${process.versions.node}`);
  process.exitCode = 2;
} else {
  await import('../dist/main.js');
}
