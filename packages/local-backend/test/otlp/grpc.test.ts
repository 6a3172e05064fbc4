import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { summary } from '@clew/evidence';
import { status } from '@grpc/grpc-js';
import { exportResponse } from '../../src/otlp/protobuf/responses.ts';
import { gapsOf, startBackend } from '../support/backend.ts';
import { grpcClient } from '../support/clients.ts';
import { encode } from '../support/protobuf.ts';
import { cases, traces } from '../support/requests.ts';

for (const { signal, type, json, service, accepted } of cases) {
  suite(`${signal} over gRPC`, () => {
    test('is stored before it is answered', async (t) => {
      const { grpc, evidence } = await startBackend(t);
      const { code, bytes } = await grpc.export(service, encode(type, json));
      assert.equal(code, status.OK);
      assert.equal(bytes.length, 0, 'an empty response: full success');
      const { received } = summary(evidence);
      assert.ok(received.spans + received.points + received.logs >= accepted);
    });

    test('is taken compressed', async (t) => {
      const { grpcUrl, evidence } = await startBackend(t);
      const grpc = grpcClient(grpcUrl, { 'grpc.default_compression_algorithm': 2 });
      t.after(() => grpc.close());
      assert.equal((await grpc.export(service, encode(type, json))).code, status.OK);
      const { received } = summary(evidence);
      assert.ok(received.spans + received.points + received.logs >= accepted);
    });

    test('an empty request succeeds', async (t) => {
      const { grpc, evidence } = await startBackend(t);
      assert.equal((await grpc.export(service, Buffer.alloc(0))).code, status.OK);
      assert.equal(summary(evidence).services, 0);
    });

    test('malformed bytes are INVALID_ARGUMENT and counted', async (t) => {
      const { grpc, evidence, flush } = await startBackend(t);
      const bytes = encode(type, json);
      const { code, details } = await grpc.export(service, bytes.subarray(0, bytes.length - 3));
      assert.equal(code, status.INVALID_ARGUMENT);
      assert.match(details, /malformed request: premature EOF/);
      await flush();
      assert.deepEqual(gapsOf(evidence, 'rejected'), { [`${signal}: malformed request`]: 1 });
      assert.equal(summary(evidence).services, 0, 'nothing of it is stored');
    });

    test('over 4 MiB is RESOURCE_EXHAUSTED and counted, 4 MiB is taken', async (t) => {
      const { grpc, evidence, flush } = await startBackend(t);
      const limit = 4 * 1024 * 1024;
      // Field 1000 with that many bytes, which is skipped.
      const request = (length: number) =>
        Buffer.concat([Buffer.from('c23e', 'hex'), varint(length - 6), Buffer.alloc(length - 6)]);
      assert.equal(request(limit).length, limit);
      assert.equal((await grpc.export(service, request(limit))).code, status.OK);
      const { code, details } = await grpc.export(service, request(limit + 1));
      assert.equal(code, status.RESOURCE_EXHAUSTED);
      assert.match(details, /4194305 bytes/);
      await flush();
      assert.deepEqual(gapsOf(evidence, 'rejected'), { [`${signal}: request over 4 MiB`]: 1 });
    });
  });
}

test('a service that does not exist is UNIMPLEMENTED', async (t) => {
  const { grpc } = await startBackend(t);
  const { code } = await grpc.export('opentelemetry.proto.collector.profiles.v1.ProfilesService', Buffer.alloc(0));
  assert.equal(code, status.UNIMPLEMENTED);
});

test('what cannot be stored is refused alone, with count and reason', async (t) => {
  const { grpc, evidence, flush } = await startBackend(t);
  const request = structuredClone(traces);
  const spans = request.resourceSpans[0]?.scopeSpans[0]?.spans;
  assert.ok(spans?.[1]);
  spans[1].startTimeUnixNano = '18446744073709551615';
  const { code, bytes } = await grpc.export(
    'opentelemetry.proto.collector.trace.v1.TraceService',
    encode('Traces', request),
  );
  assert.equal(code, status.OK);
  assert.deepEqual(bytes, exportResponse(1, 'span with a time after the year 2255'));
  assert.equal(bytes.subarray(2, 4).toString('hex'), '0801', 'partial_success.rejected_spans = 1');
  await flush();
  assert.equal(summary(evidence).received.spans, 1);
  assert.deepEqual(gapsOf(evidence, 'rejected'), { 'traces: span with a time after the year 2255': 1 });
});

test('malformed ids are stored, for the checks to find', async (t) => {
  const { grpc, evidence } = await startBackend(t);
  const span = { traceId: '00', spanId: '', name: 'x', startTimeUnixNano: '1763683200000000000' };
  const request = { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] };
  const answer = await grpc.export('opentelemetry.proto.collector.trace.v1.TraceService', encode('Traces', request));
  assert.equal(answer.bytes.length, 0);
  assert.equal(summary(evidence).held.spans, 1);
});

function varint(value: number): Buffer {
  const bytes = [];
  for (let rest = value; bytes.length < 4; rest >>>= 7) bytes.push((rest & 127) | (bytes.length < 3 ? 128 : 0));
  return Buffer.from(bytes);
}
