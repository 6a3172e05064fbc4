import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createClient, type StoreAddress } from '../../src/http/client.ts';
import { StoreError } from '../../src/http/store-error.ts';
import { lokiKind } from '../../src/stores.ts';
import { selfSigned } from '../support/certificate.ts';
import { type Answer, type Asked, fakeServer, notFound } from '../support/fake-server.ts';

function client(t: TestContext, url: string, more: Partial<StoreAddress> = {}) {
  const made = createClient(lokiKind, { url, headers: {}, rate: 1000, ...more });
  t.after(() => made.close());
  return made;
}

/** What a client says of a server that answers so. */
async function complaint(t: TestContext, answer: Answer, headers: Record<string, string> = {}): Promise<string> {
  const { url } = await fakeServer(t, () => answer);
  const error = await client(t, url, { headers })
    .get('/api')
    .catch((thrown: unknown) => thrown);
  assert.ok(error instanceof StoreError);
  assert.ok(error.message.startsWith(`Loki at ${url}: `));
  return error.message;
}

test('asks below the prefix of the address, with its headers and repeated parameters', async (t) => {
  const { url, asked } = await fakeServer(t, () => ({ json: { ok: true } }));
  const loki = client(t, `${url}/gateway/`, { headers: { 'x-scope-orgid': 'demo', authorization: 'Bearer abc' } });
  assert.deepEqual(await loki.get('/api/v1/x', { 'match[]': ['a', 'b'], limit: 5 }), { ok: true });
  const [{ path, query, headers }] = asked as [Asked];
  assert.deepEqual([path, query.getAll('match[]'), query.get('limit')], ['/gateway/api/v1/x', ['a', 'b'], '5']);
  assert.deepEqual([headers['x-scope-orgid'], headers.authorization], ['demo', 'Bearer abc']);
});

test('a 404 is no answer where one is looked for by id, and a wrong address elsewhere', async (t) => {
  const { url } = await fakeServer(t, () => notFound);
  assert.equal(await client(t, url).get('/api/traces/1', {}, { missing: true }), undefined);
  assert.match(await complaint(t, notFound), /404, its API is not at this address: give what comes before \/loki/);
});

test('waits as long as Retry-After says, and asks again', async (t) => {
  let answers = 0;
  const { url, asked } = await fakeServer(t, () => {
    answers++;
    return answers === 1 ? { text: 'slow down', status: 429, headers: { 'retry-after': '1' } } : { json: 'ok' };
  });
  const before = performance.now();
  assert.equal(await client(t, url).get('/'), 'ok');
  assert.ok(performance.now() - before >= 990);
  assert.equal(asked.length, 2);
});

test('gives up after five answers of 429', async (t) => {
  const { url, asked } = await fakeServer(t, () => ({ text: '', status: 429, headers: { 'retry-after': '0' } }));
  await assert.rejects(client(t, url).get('/'), /429 again and again: ask less often with --rate/);
  assert.equal(asked.length, 5);
});

test('asks no faster than its rate', async (t) => {
  const { url } = await fakeServer(t, () => ({ json: 1 }));
  const slow = client(t, url, { rate: 20 });
  const before = performance.now();
  await Promise.all([1, 2, 3, 4, 5].map(() => slow.get('/')));
  assert.ok(performance.now() - before >= 195);
});

test('says what to do about what a store answers', async (t) => {
  const html = { text: '<!DOCTYPE html><title>Grafana</title>', headers: { 'content-type': 'text/html' } };
  assert.match(await complaint(t, html), /a web page answered \(200\), no API: is this Grafana, or a login page\?/);
  assert.match(await complaint(t, { text: 'no org id\n', status: 401 }), /it has tenants: name one with --tenant NAME/);
  assert.match(await complaint(t, { text: '', status: 401 }), /401, .*: set CLEW_LOKI_TOKEN or CLEW_LOKI_BASIC_AUTH/);
  assert.match(await complaint(t, { text: 'denied', status: 403 }), /403, .*: denied$/);
  assert.match(
    await complaint(t, { text: '', status: 302, headers: { location: '/login' } }),
    /302, it sends us elsewhere/,
  );
  assert.match(await complaint(t, { text: 'parse error', status: 400 }), /400, it refused the question: parse error$/);
  assert.match(await complaint(t, { text: 'panic', status: 500 }), /500, it failed: look at its own log: panic$/);
  assert.match(await complaint(t, { text: 'hello' }), /no JSON: hello/);
});

test('says nothing of the credentials, even when a gateway repeats them', async (t) => {
  const secret = 'Bearer s3cr3t-token';
  const message = await complaint(
    t,
    { text: `bad header ${secret}, token s3cr3t-token`, status: 400 },
    { authorization: secret },
  );
  assert.ok(!message.includes('s3cr3t'), message);
});

test('an answer that does not fit into memory is refused as too large', async (t) => {
  const { url } = await fakeServer(t, () => ({ text: 'x'.repeat(33 * 2 ** 20) }));
  await assert.rejects(client(t, url).get('/'), (error) => error instanceof StoreError && error.tooLarge);
});

test('says what to do where there is no connection', async (t) => {
  await assert.rejects(
    client(t, 'http://127.0.0.1:1').get('/'),
    /connection refused: .* the address that --loki should have/,
  );
  await assert.rejects(client(t, 'http://nowhere.invalid').get('/'), /no such host/);
  const { url } = await fakeServer(t, () => ({ json: 1 }));
  await assert.rejects(client(t, url.replace('http:', 'https:')).get('/'), /it does not speak TLS there/);
});

test('TLS: trusts the authority that --ca gives, and no other', async (t) => {
  const { cert, key } = selfSigned();
  const { url } = await fakeServer(t, () => ({ json: 'private' }), { cert, key });
  assert.equal(await client(t, url, { tls: { ca: cert } }).get('/'), 'private');
  assert.equal(await client(t, url, { tls: { insecure: true } }).get('/'), 'private');
  await assert.rejects(client(t, url).get('/'), /not trusted here: give the authority's certificate with --ca FILE/);
});

test('TLS: shows the certificate that --cert and --key give to a store that asks for one', async (t) => {
  const { cert, key } = selfSigned();
  const asking = { cert, key, ca: cert, requestCert: true, rejectUnauthorized: true };
  const { url } = await fakeServer(t, () => ({ json: 'private' }), asking);
  assert.equal(await client(t, url, { tls: { ca: cert, cert, key } }).get('/'), 'private');
  await assert.rejects(client(t, url, { tls: { ca: cert } }).get('/'), StoreError);
});
