import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  type ClientHttp2Session,
  connect,
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { connect as connectSocket } from 'node:net';
import { suite, type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { summary } from '@clew/evidence';
import { status } from '@grpc/grpc-js';
import { gapsOf, startBackend, until } from '../support/backend.ts';
import { encode } from '../support/protobuf.ts';
import { traces } from '../support/requests.ts';

// What no gRPC client of good standing sends.

const limit = 4 * 1024 * 1024;
const traceService = 'opentelemetry.proto.collector.trace.v1.TraceService';
const path = `/${traceService}/Export`;
const good = encode('Traces', traces);

// https://www.rfc-editor.org/rfc/rfc9113#name-frame-format
const [DATA, HEADERS, RST_STREAM, SETTINGS, GOAWAY] = [0, 1, 3, 4, 7];
const END_HEADERS = 4;

function http2Frame(type: number, stream: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(9);
  header.writeUIntBE(payload.length, 0, 3);
  header.writeUInt8(type, 3);
  header.writeUInt8(type === HEADERS ? END_HEADERS : 0, 4);
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, payload]);
}

/** A header that goes into no table. https://www.rfc-editor.org/rfc/rfc7541#section-6.2.2 */
function literal([name, value]: [string, string]): Buffer {
  return Buffer.concat(
    [[0, name.length], Buffer.from(name), [value.length], Buffer.from(value)].map((part) => Buffer.from(part)),
  );
}

/** A message with its prefix: compressed flag and length, which may be told wrong. */
function frame(message: Buffer, { flag = 0, length = message.length } = {}): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(flag);
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, message]);
}

function connectTo(t: TestContext, url: string): ClientHttp2Session {
  const session = connect(url);
  session.on('error', () => {});
  t.after(() => session.destroy());
  return session;
}

function request(session: ClientHttp2Session, headers: OutgoingHttpHeaders = {}) {
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  });
  stream.on('error', () => {});
  return stream;
}

/** The headers of an answer that has no message. */
async function send(session: ClientHttp2Session, body: Buffer, headers?: OutgoingHttpHeaders) {
  const stream = request(session, headers);
  stream.end(body);
  const [answer] = (await once(stream, 'response')) as [IncomingHttpHeaders];
  return answer;
}

interface Broken {
  what: string;
  body: Buffer;
  encoding?: string;
  says: RegExp;
  code?: number;
  gap?: string;
}

const broken: Broken[] = [
  { what: 'no message', body: Buffer.alloc(0), says: /no message/ },
  { what: 'half a prefix', body: Buffer.alloc(3), says: /no message/ },
  {
    what: 'fewer bytes than announced',
    body: frame(good, { length: good.length + 1 }),
    says: new RegExp(`${good.length} bytes where one message of ${good.length + 1} is announced`),
  },
  { what: 'two messages', body: Buffer.concat([frame(good), frame(good)]), says: /where one message of/ },
  {
    what: 'an unknown compressed flag',
    body: frame(gzipSync(good), { flag: 2 }),
    encoding: 'gzip',
    says: /compressed flag 2 and grpc-encoding gzip/,
  },
  {
    what: 'a compressed message that does not say how',
    body: frame(gzipSync(good), { flag: 1 }),
    says: /compressed flag 1 and no grpc-encoding/,
  },
  { what: 'gzip that is none', body: frame(good, { flag: 1 }), encoding: 'gzip', says: /malformed gzip body/ },
  {
    what: 'a compression that is not taken',
    body: frame(good, { flag: 1 }),
    encoding: 'zstd',
    says: /compression zstd: use gzip, deflate or none/,
    code: status.UNIMPLEMENTED,
    gap: 'unknown compression',
  },
  {
    what: 'a length over the limit',
    body: frame(Buffer.alloc(0), { length: limit + 1 }),
    says: /message of 4194305 bytes, at most 4194304 are taken: send smaller batches/,
    code: status.RESOURCE_EXHAUSTED,
    gap: 'request over 4 MiB',
  },
  {
    what: 'little that becomes much',
    body: frame(gzipSync(Buffer.alloc(limit + 1)), { flag: 1 }),
    encoding: 'gzip',
    says: /more than 4194304 bytes/,
    code: status.RESOURCE_EXHAUSTED,
    gap: 'request over 4 MiB',
  },
];

suite('a broken call is refused and counted, and its connection goes on', () => {
  for (const { what, body, encoding, says, code = status.INVALID_ARGUMENT, gap = 'malformed request' } of broken) {
    test(what, async (t) => {
      const { grpcUrl, evidence, flush } = await startBackend(t);
      const session = connectTo(t, grpcUrl);
      const answer = await send(session, body, encoding === undefined ? {} : { 'grpc-encoding': encoding });
      assert.equal(answer[':status'], 200);
      assert.equal(answer['grpc-status'], `${code}`);
      assert.match(decodeURI(String(answer['grpc-message'])), says);
      assert.equal(answer['grpc-accept-encoding'], 'identity,gzip,deflate');
      await flush();
      assert.deepEqual(gapsOf(evidence, 'rejected'), { [`traces: ${gap}`]: 1 });
      assert.equal(summary(evidence).received.spans, 0);

      const stream = request(session);
      stream.resume().end(frame(good));
      const [trailers] = (await once(stream, 'trailers')) as [IncomingHttpHeaders];
      assert.equal(trailers['grpc-status'], '0');
      assert.equal(summary(evidence).received.spans, 2);
    });
  }
});

test('what is not gRPC is HTTP 415', async (t) => {
  const { grpcUrl } = await startBackend(t);
  const answer = await send(connectTo(t, grpcUrl), good, { 'content-type': 'application/x-protobuf' });
  assert.equal(answer[':status'], 415);
});

test('a client that goes on after the limit is answered before it ends', async (t) => {
  const { grpcUrl } = await startBackend(t);
  const stream = request(connectTo(t, grpcUrl));
  stream.resume().write(frame(Buffer.alloc(3 * limit)));
  const [answer] = (await once(stream, 'response')) as [IncomingHttpHeaders];
  assert.equal(answer['grpc-status'], `${status.RESOURCE_EXHAUSTED}`);
});

test('a call that is reset in the middle of its message is neither answered nor counted', async (t) => {
  const { grpcUrl, grpc, evidence, flush } = await startBackend(t);
  const { hostname, port } = new URL(grpcUrl);
  // Node's own client ends a request before it resets it: frame by frame, then.
  const socket = connectSocket(Number(port), hostname);
  t.after(() => socket.destroy());
  const closed = once(socket.resume(), 'close');
  const headers = {
    ':method': 'POST',
    ':scheme': 'http',
    ':authority': hostname,
    ':path': path,
    'content-type': 'application/grpc',
  };
  socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  socket.write(http2Frame(SETTINGS, 0, Buffer.alloc(0)));
  socket.write(http2Frame(HEADERS, 1, Buffer.concat(Object.entries(headers).map(literal))));
  socket.write(http2Frame(DATA, 1, frame(good).subarray(0, 40)));
  socket.write(http2Frame(RST_STREAM, 1, Buffer.from([0, 0, 0, constants.NGHTTP2_CANCEL])));
  socket.end(http2Frame(GOAWAY, 0, Buffer.alloc(8)));
  await closed;
  assert.equal((await grpc.export(traceService, good)).code, status.OK);
  await flush();
  assert.deepEqual(gapsOf(evidence, 'rejected'), {});
  assert.equal(summary(evidence).received.spans, 2, 'those of the other call');
});

test('what an error says arrives as it is', async (t) => {
  const { grpc } = await startBackend(t);
  const { code, details } = await grpc.export('a%20service', Buffer.alloc(0));
  assert.equal(code, status.UNIMPLEMENTED);
  assert.match(details, /^\/a%20service\/Export: only \/opentelemetry\.proto/);
});

test('a batch of megabytes is sent without waiting for the receiver', async (t) => {
  const { grpcUrl } = await startBackend(t);
  const session = connectTo(t, grpcUrl);
  await once(session, 'remoteSettings');
  assert.ok((session.remoteSettings.initialWindowSize ?? 0) > limit, 'in one request');
  await until('as much may be sent in the connection', () => (session.state.remoteWindowSize ?? 0) > limit);
});
