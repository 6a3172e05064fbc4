import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { suite, test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { summary } from '@clew/evidence';
import { exportResponse, statusMessage } from '../../src/otlp/protobuf/responses.ts';
import { gapsOf, startBackend, until } from '../support/backend.ts';
import { post, protobufType } from '../support/clients.ts';
import { encode } from '../support/protobuf.ts';
import { cases, traces } from '../support/requests.ts';

const jsonType = 'application/json';
const identity = (bytes: Buffer) => bytes;

const encodings = cases.flatMap((request) =>
  [
    { name: 'protobuf', type: protobufType, body: encode(request.type, request.json) },
    { name: 'JSON', type: jsonType, body: Buffer.from(JSON.stringify(request.json)) },
  ].map((encoding) => ({ ...request, ...encoding, url: `/v1/${request.signal}` })),
);

for (const { signal, url, name, type, body, accepted } of encodings) {
  suite(`${signal} over HTTP in ${name}`, () => {
    for (const [coding, compress] of Object.entries({ none: identity, gzip: gzipSync, deflate: deflateSync })) {
      test(`is stored before it is answered (compression: ${coding})`, async (t) => {
        const { httpUrl, evidence } = await startBackend(t);
        const headers = { 'content-type': type, ...(coding !== 'none' && { 'content-encoding': coding }) };
        const response = await post(httpUrl + url, compress(body), headers);
        assert.equal(response.status, 200);
        assert.equal(response.headers.get('content-type'), type);
        assert.equal(await response.text(), type === jsonType ? '{}' : '');
        const { received } = summary(evidence);
        assert.ok(received.spans + received.points + received.logs >= accepted);
      });
    }

    test('an empty request succeeds', async (t) => {
      const { httpUrl } = await startBackend(t);
      const response = await post(httpUrl + url, type === jsonType ? '{}' : '', {
        'content-type': `${type}; charset=utf-8`,
      });
      assert.equal(response.status, 200);
    });

    test('a malformed body is 400 with a Status in the same encoding, and counted', async (t) => {
      const { httpUrl, evidence, flush } = await startBackend(t);
      const response = await post(httpUrl + url, body.subarray(0, -3), { 'content-type': type });
      assert.equal(response.status, 400);
      assert.equal(response.headers.get('content-type'), type);
      if (type === jsonType) {
        const { code, message } = await json(response);
        assert.equal(code, 3);
        assert.match(String(message), /malformed request: .*JSON/);
      } else {
        assert.deepEqual(await bytesOf(response), statusMessage(3, 'malformed request: premature EOF'));
      }
      await flush();
      assert.deepEqual(gapsOf(evidence, 'rejected'), { [`${signal}: malformed request`]: 1 });
      assert.equal(summary(evidence).services, 0, 'nothing of it is stored');
    });
  });
}

const refusals: { name: string; path?: string; init: RequestInit; status: number; says: RegExp }[] = [
  { name: 'unknown path', path: '/v1/profiles', init: { method: 'POST' }, status: 404, says: /\/v1\/traces/ },
  { name: 'other method', init: { method: 'PUT', headers: { 'content-type': jsonType } }, status: 405, says: /POST/ },
  { name: 'GET', init: {}, status: 405, says: /POST/ },
  { name: 'no content type', init: { method: 'POST', body: new Uint8Array(1) }, status: 415, says: /\(none\)/ },
  { name: 'other content type', init: { method: 'POST', body: 'a' }, status: 415, says: /text\/plain/ },
  {
    name: 'other content encoding',
    init: { method: 'POST', body: '{}', headers: { 'content-type': jsonType, 'content-encoding': 'zstd' } },
    status: 415,
    says: /zstd/,
  },
  {
    name: 'body that is not gzip',
    init: { method: 'POST', body: '{}', headers: { 'content-type': jsonType, 'content-encoding': 'gzip' } },
    status: 400,
    says: /malformed gzip/,
  },
  {
    name: 'body over the limit',
    init: { method: 'POST', body: `{"a":"${'a'.repeat(100_000)}"}`, headers: { 'content-type': jsonType } },
    status: 413,
    says: /100000 bytes/,
  },
  {
    name: 'body that is over the limit when it is decompressed',
    init: {
      method: 'POST',
      body: new Uint8Array(gzipSync(Buffer.alloc(100_001, ' '))),
      headers: { 'content-type': jsonType, 'content-encoding': 'gzip' },
    },
    status: 413,
    says: /100000 bytes/,
  },
  {
    name: 'field of the wrong type',
    init: { method: 'POST', body: '{"resourceSpans":{}}', headers: { 'content-type': jsonType } },
    status: 400,
    says: /resourceSpans: expected a list, got \{\}/,
  },
];

for (const { name, path = '/v1/traces', init, status, says } of refusals) {
  test(`${name}: ${status}`, async (t) => {
    const { httpUrl, evidence, flush } = await startBackend(t, { httpMaxBytes: 100_000 });
    const response = await fetch(httpUrl + path, init);
    assert.equal(response.status, status);
    if (status === 405) assert.equal(response.headers.get('allow'), 'POST');
    assert.match(String((await json(response)).message), says);
    await flush();
    assert.equal(Object.keys(gapsOf(evidence, 'rejected')).length, status === 404 ? 0 : 1);
    const next = await post(`${httpUrl}/v1/traces`, '{}', { 'content-type': jsonType });
    assert.equal(next.status, 200, 'the next request is taken');
  });
}

test('what cannot be stored is refused alone, with count and reason', async (t) => {
  const { httpUrl, evidence } = await startBackend(t);
  const request = structuredClone(traces);
  const span = request.resourceSpans[0]?.scopeSpans[0]?.spans[1];
  assert.ok(span);
  span.startTimeUnixNano = '18446744073709551615';
  const reason = 'span with a time after the year 2255';
  const inJson = await post(`${httpUrl}/v1/traces`, JSON.stringify(request), { 'content-type': jsonType });
  assert.deepEqual(await json(inJson), { partialSuccess: { rejectedSpans: '1', errorMessage: reason } });
  const inProtobuf = await post(`${httpUrl}/v1/traces`, encode('Traces', request));
  assert.deepEqual(await bytesOf(inProtobuf), exportResponse(1, reason));
  assert.equal(summary(evidence).held.spans, 1);
});

test('delta temporality is refused and says what to set', async (t) => {
  const { httpUrl } = await startBackend(t);
  const sum = { aggregationTemporality: 1, isMonotonic: true, dataPoints: [{ asInt: '1' }, { asInt: 2 }] };
  const request = { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'a', sum }] }] }] };
  const response = await post(`${httpUrl}/v1/metrics`, JSON.stringify(request), { 'content-type': jsonType });
  const { partialSuccess } = (await response.json()) as { partialSuccess: Record<string, string> };
  assert.equal(partialSuccess.rejectedDataPoints, '2');
  assert.match(partialSuccess.errorMessage ?? '', /TEMPORALITY_PREFERENCE=cumulative/);
});

test('a client that sends far too much reads why it is refused, and can go on over the same connection', async (t) => {
  const { httpUrl } = await startBackend(t, { httpMaxBytes: 1000 });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const send = async (body: Buffer) => {
    const headers = { 'content-type': protobufType };
    const request = httpRequest(`${httpUrl}/v1/traces`, { method: 'POST', headers, agent }).end(body);
    const [[response]] = await Promise.all([once(request, 'response'), once(request, 'finish')]);
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    return { status: response.statusCode, body: Buffer.concat(chunks), reused: request.reusedSocket };
  };
  const tooLarge = await send(Buffer.alloc(16 * 2 ** 20));
  assert.equal(tooLarge.status, 413);
  assert.deepEqual(tooLarge.body, statusMessage(8, 'body of more than 1000 bytes: send smaller batches'));
  const next = await send(Buffer.alloc(0));
  assert.deepEqual([next.status, next.reused], [200, true]);
});

test('a request that is cut off is counted and disturbs nobody', async (t) => {
  const { httpUrl, evidence } = await startBackend(t);
  const headers = { 'content-type': protobufType, 'content-length': 1000 };
  const request = httpRequest(`${httpUrl}/v1/traces`, { method: 'POST', headers });
  const closed = new Promise((resolve) => request.on('error', resolve));
  request.write('half', () => request.destroy(new Error('cut')));
  await closed;
  await until('the gap is written', () => Object.keys(gapsOf(evidence, 'rejected')).length > 0);
  assert.deepEqual(gapsOf(evidence, 'rejected'), { 'traces: HTTP 400': 1 });
  assert.equal((await post(`${httpUrl}/v1/traces`, '')).status, 200);
});

async function json(response: Response): Promise<Record<string, unknown>> {
  return (await response.json()) as Record<string, unknown>;
}

async function bytesOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer());
}
