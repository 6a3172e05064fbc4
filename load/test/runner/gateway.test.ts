import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { findGateway } from '../../runner/gateway.ts';

const here = { target: 'http://127.0.0.1:8080', token: 't' };

/** Something that answers `/release` with this, and everything else with 404. */
async function startAnswering(t: TestContext, status: number): Promise<string> {
  const server = createServer((request, response) => {
    const isToken = request.headers.authorization === 'Bearer t';
    response.writeHead(request.url === '/release' && isToken ? status : 404).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('finds the gateway that is given, without the slash at its end', async (t) => {
  const url = await startAnswering(t, 200);
  assert.equal(await findGateway({ ...here, given: `${url}/` }), url);
});

test('says what to do about another token, and about a gateway that is not there', async (t) => {
  await assert.rejects(
    findGateway({ ...here, given: await startAnswering(t, 401) }),
    /has another token: set FAULTS_ADMIN_TOKEN/,
  );
  for (const url of [await startAnswering(t, 404), 'http://127.0.0.1:1']) {
    await assert.rejects(findGateway({ ...here, given: url }), {
      message: `--gateway ${url}: no gateway answers there; npm start shows where it is`,
    });
  }
});

test('a gateway of this machine is not taken for that of a service elsewhere', async () => {
  assert.equal(await findGateway({ given: undefined, target: 'https://shop.test', token: 't' }), undefined);
});
