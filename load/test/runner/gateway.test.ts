import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { startGateway } from '../../../demo/src/release/gateway.ts';
import { findGateway } from '../../runner/gateway.ts';

const here = { target: 'http://127.0.0.1:8080', token: 't' };

interface Program {
  /** It says that it is a gateway, as that of demo/ does. */
  isGateway?: boolean;
  /** Of its answer to `GET /release` with the token; without it: 401. */
  status: number;
  withoutToken?: number;
  location?: string;
}

/** A program, and by its URL what it was sent as `Authorization`. */
async function startProgram(t: TestContext, program: Program): Promise<{ url: string; sent: string[] }> {
  const { isGateway = true, status, withoutToken = 401, location } = program;
  const sent: string[] = [];
  const server = createServer(({ url, headers: { authorization } }, response) => {
    if (authorization !== undefined) sent.push(authorization);
    if (isGateway) response.setHeader('server', 'clew-gateway');
    if (location !== undefined) response.setHeader('location', location);
    response.writeHead(url !== '/release' ? 404 : authorization === 'Bearer t' ? status : withoutToken).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sent };
}

test('finds the gateway that is given, without the slash at its end', async (t) => {
  const { url } = await startProgram(t, { status: 200 });
  assert.equal(await findGateway({ ...here, given: `${url}/` }), url);
});

test('says what to do about another token, and about a gateway that is not there', async (t) => {
  await assert.rejects(
    findGateway({ ...here, given: (await startProgram(t, { status: 401 })).url }),
    /has another token: set FAULTS_ADMIN_TOKEN/,
  );
  const { url, sent } = await startProgram(t, { status: 200 });
  await assert.rejects(findGateway({ ...here, given: url, token: undefined }), /set FAULTS_ADMIN_TOKEN/);
  assert.deepEqual(sent, []);
  await assert.rejects(findGateway({ ...here, given: 'http://127.0.0.1:1' }), noGatewayAt('http://127.0.0.1:1'));
});

test('a program that is no gateway is not taken for one, and is not sent the token', async (t) => {
  const gateway = await startProgram(t, { status: 200 });
  const strangers: Program[] = [
    { isGateway: false, status: 200, withoutToken: 200 },
    { isGateway: false, status: 200, withoutToken: 401 },
    { isGateway: false, status: 404, withoutToken: 404 },
    { isGateway: false, status: 200, withoutToken: 302, location: `${gateway.url}/release` },
  ];
  for (const stranger of strangers) {
    const { url, sent } = await startProgram(t, stranger);
    await assert.rejects(findGateway({ ...here, given: url }), noGatewayAt(url));
    assert.deepEqual([...sent, ...gateway.sent], []);
  }
});

test('finds the gateway of demo/', async (t) => {
  const gateway = await startGateway({
    port: 0,
    token: 't',
    stable: '1',
    start: () => assert.fail('nothing to start'),
  });
  t.after(() => gateway.stop());
  assert.equal(await findGateway({ ...here, given: gateway.url }), gateway.url);
  await assert.rejects(findGateway({ ...here, given: gateway.url, token: 'other' }), /has another token/);
});

function noGatewayAt(url: string) {
  return { message: `--gateway ${url}: no gateway answers there; npm start shows where it is` };
}

test('a gateway of this machine is not taken for that of a service elsewhere', async () => {
  assert.equal(await findGateway({ given: undefined, target: 'https://shop.test', token: 't' }), undefined);
});
