import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { BACKENDS } from './support/helmfile.ts';

const SCRIPT = join(BACKENDS, 'charts/s3/files/make-buckets.sh');
const KEYS = { AWS_ACCESS_KEY_ID: 'KEYID', AWS_SECRET_ACCESS_KEY: 'secret' };
const leftOut = spawnSync('curl', ['--version']).status !== 0 && 'left out: no curl on PATH';

describe('the script that makes the buckets', { skip: leftOut }, () => {
  it('makes each, signed with the keys, and leaves what is there', async () => {
    const asked: IncomingMessage[] = [];
    const { code, output } = await run([200, 409], 'tempo loki-ruler', asked);
    assert.equal(code, 0, output);
    assert.equal(output, 'tempo: made\nloki-ruler: there\n');
    assert.deepEqual(
      asked.map(({ method, url }) => `${method} ${url}`),
      ['PUT /tempo', 'PUT /loki-ruler'],
    );
    for (const { headers } of asked) {
      assert.match(
        String(headers.authorization),
        /^AWS4-HMAC-SHA256 Credential=KEYID\/\d{8}\/us-east-1\/s3\/aws4_request,/,
      );
    }
  });

  it('waits for a store that starts', async () => {
    const { code, output } = await run([503, 503, 200], 'tempo');
    assert.equal(code, 0, output);
    assert.equal(output, 'tempo: made\n');
  });

  it('ends at once when its keys are refused, and says which they are', async () => {
    const { code, output } = await run([403], 'tempo');
    assert.equal(code, 1);
    assert.match(output, /^tempo: http:\S+ refuses \(403\)\. Are the keys of the Secret s3 those/);
    assert.match(output, /<Code>403<\/Code>/);
  });
});

/** Runs it against a store that gives these answers. */
async function run(answers: number[], buckets: string, asked: IncomingMessage[] = []) {
  const store = createServer((request, response) => {
    asked.push(request);
    const status = answers.shift() ?? 500;
    response.writeHead(status).end(status === 200 ? '' : `<Error><Code>${status}</Code></Error>\n`);
  });
  await new Promise<void>((listening) => store.listen(0, '127.0.0.1', listening));
  const { port } = store.address() as AddressInfo; // of a server that listens on TCP
  const folder = mkdtempSync(join(tmpdir(), 'clew-buckets-'));
  try {
    const env = {
      PATH: process.env.PATH,
      TMPDIR: folder,
      ENDPOINT: `http://127.0.0.1:${port}`,
      BUCKETS: buckets,
      PAUSE: '0',
      ...KEYS,
    };
    const child = spawn('sh', [SCRIPT], { env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    const code = await new Promise<number | null>((ended, reject) => child.on('error', reject).on('close', ended));
    return { code, output };
  } finally {
    store.close();
    rmSync(folder, { recursive: true });
  }
}
