import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Evidence } from '../packages/evidence/src/index.ts';
import { startBackend } from './harness/run.ts';

const BIN = `${import.meta.dirname}/../packages/verify/bin/clew.mjs`;
const HOUR_US = 3_600_000_000;

/** Runs `clew` as a shell would. */
function clew(args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [BIN, ...args], (_error, stdout, stderr) => {
      resolve({ code: child.exitCode, stdout, stderr });
    });
  });
}

/** A request as one span and one log line, an hour ago. */
function writeRequest(evidence: Evidence, logged: 'its span' | 'a lost span'): void {
  const ids = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
  const at = Date.now() * 1000 - HOUR_US;
  const span = { ...ids, name: 'GET /', kind: 2, startUs: at, durationUs: 1000, status: 0, attributes: {} };
  const line = { ...ids, timeUs: at, body: 'hello', traceFlags: 1, attributes: {}, source: 'otlp' as const };
  const lost = { ...line, spanId: 'c'.repeat(16) };
  const resource = { attributes: { 'service.name': 'shop' } };
  evidence.write([{ resource, spans: [span], logs: [logged === 'its span' ? line : lost] }]);
}

function temporaryFile(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'clew-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return join(folder, 'run.sqlite');
}

const logTrace = ['--only', 'log-trace'];

test('clew verify --backend local reads the file of a local backend that runs, wherever it was started', async (t) => {
  await using backend = await startBackend({ file: relative('', temporaryFile(t)) });
  const flags = ['verify', '--backend', `local=${backend.apiUrl}`, ...logTrace];
  writeRequest(backend.evidence, 'its span');
  assert.deepEqual(await clew(flags).then(({ code, stderr }) => [code, stderr]), [0, '']);
  writeRequest(backend.evidence, 'a lost span');
  const { code, stdout } = await clew(flags);
  assert.equal(code, 1);
  assert.match(stdout, /example: service=shop [\s\S]* missing=span/);
});

test('clew verify --backend local says what to do where the local backend has no file', async () => {
  await using backend = await startBackend();
  const { code, stderr } = await clew(['verify', '--backend', `local=${backend.apiUrl}`, ...logTrace]);
  assert.equal(code, 2);
  assert.match(stderr, /keeps its evidence in memory: start it with --file/);
});
