import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { type TestContext, test } from 'node:test';
import { findBackend } from '../../runner/local-backend.ts';

/** Something that answers `GET /api/summary` with this. */
async function startApi(t: TestContext, summary: object): Promise<string> {
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/api/summary' ? 200 : 404).end(JSON.stringify(summary));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const otlp = { http: 'http://127.0.0.1:4318' };

test('knows a file that stays from one that npm start deletes, and from none', async (t) => {
  const fileOf = async (file: string | null) => (await findBackend(await startApi(t, { otlp, file })))?.keptFile;
  assert.equal(await fileOf('/data/run.sqlite'), '/data/run.sqlite');
  assert.equal(await fileOf(`${tmpdir()}/run.sqlite`), `${tmpdir()}/run.sqlite`);
  assert.equal(await fileOf(`${tmpdir()}/clew-a1B2c3/evidence.sqlite`), undefined);
  assert.equal(await fileOf(null), undefined);
});

test('says that what was given is no local backend', async (t) => {
  const api = await startApi(t, {});
  await assert.rejects(findBackend(`${api}/`), {
    message: `--backend ${api}/: no local backend answers there; npm start shows where it is`,
  });
});
