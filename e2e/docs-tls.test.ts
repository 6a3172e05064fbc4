import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createPlainServer, type Server } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { commandsInDocs, typed } from './support/doc-commands.ts';

// The command of docs/troubleshooting.md that tells what is wrong with TLS, and each of its answers.

const leftOut = spawnSync('openssl', ['version']).error !== undefined && 'left out: openssl is not there';

suite('the command for TLS in the docs', { skip: leftOut }, () => {
  const [command = '', ...others] = commandsInDocs('openssl s_client');

  test('there is one', () => assert.deepEqual([command === '', others], [false, []]));

  test('with the CA, the certificate is fine', async (t) => {
    const folder = certificates(t);
    assert.match(await ask(await listen(t, secure(folder)), join(folder, 'ca.pem')), /Verify return code: 0 \(ok\)/);
  });

  test('with another CA, its issuer is not known', async (t) => {
    const folder = certificates(t);
    const said = await ask(await listen(t, secure(folder)), join(certificates(t), 'ca.pem'));
    assert.match(said, /unable to get local issuer certificate/);
  });

  test('without TLS on the port, it is a wrong version', async (t) => {
    const port = await listen(t, createPlainServer());
    assert.match(await ask(port, join(certificates(t), 'ca.pem')), /wrong version number/);
  });

  function ask(port: number, ca: string): Promise<string> {
    return typed(command, { 'HOST:443': `127.0.0.1:${port}`, HOST: 'localhost', 'ca.pem': ca });
  }
});

/** A CA of one's own, and a certificate of it for localhost. @returns the folder that has them */
function certificates(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'clew-tls-'));
  t.after(() => rmSync(folder, { recursive: true }));
  // Each of its own name: by the name the issuer is looked for.
  const ca = basename(folder);
  const openssl = (text: string) => execFileSync('openssl', text.split(' '), { cwd: folder, stdio: 'pipe' });
  const key = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes';
  openssl(`req -x509 ${key} -days 2 -subj /CN=${ca} -keyout ca.key -out ca.pem`);
  openssl(`req ${key} -subj /CN=localhost -keyout server.key -out server.csr`);
  openssl('x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out server.pem');
  return folder;
}

function secure(folder: string): Server {
  const read = (file: string) => readFileSync(join(folder, file));
  return createServer({ cert: read('server.pem'), key: read('server.key') });
}

async function listen(t: TestContext, server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port; // it listens on a port, not on a pipe
}
