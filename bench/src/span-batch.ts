import { randomBytes } from 'node:crypto';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

export const SPANS_PER_TRACE = 4;
const SERVER = 2;
const ATTRIBUTES: [string, string][] = [
  ['http.request.method', 'GET'],
  ['http.route', '/api/users/:id'],
  ['url.scheme', 'http'],
  ['url.path', '/api/users/7'],
  ['user.id', '7'],
  ['server.address', 'full-otel'],
  ['network.protocol.version', '1.1'],
  ['user_agent.original', 'bench'],
  ['client.address', '127.0.0.1'],
  ['test.scenario', 'receive'],
];

/**
 * An OTLP ExportTraceServiceRequest in protobuf: `count` spans of ten attributes, four to a trace, ending now.
 * https://github.com/open-telemetry/opentelemetry-proto/blob/v1.9.0/opentelemetry/proto/trace/v1/trace.proto
 */
export function spanBatch(count: number): Uint8Array {
  const writer = new BinaryWriter();
  const resourceSpans = message(writer, 1);
  const resource = message(writer, 1);
  attribute(writer, 1, 'service.name', 'bench');
  resource.join();
  const scopeSpans = message(writer, 2);
  const endNs = BigInt(Date.now()) * 1_000_000n;
  for (let i = 0; i < count; i += SPANS_PER_TRACE) {
    const traceId = randomBytes(16);
    const root = randomBytes(8);
    for (let j = i; j < Math.min(count, i + SPANS_PER_TRACE); j += 1) {
      const span = message(writer, 2);
      writer.tag(1, WireType.LengthDelimited).bytes(traceId);
      writer.tag(2, WireType.LengthDelimited).bytes(j === i ? root : randomBytes(8));
      if (j !== i) writer.tag(4, WireType.LengthDelimited).bytes(root);
      writer.tag(5, WireType.LengthDelimited).string('GET /api/users/:id');
      writer.tag(6, WireType.Varint).int32(SERVER);
      writer.tag(7, WireType.Bit64).fixed64(endNs - 5_000_000n);
      writer.tag(8, WireType.Bit64).fixed64(endNs);
      for (const [name, value] of ATTRIBUTES) attribute(writer, 9, name, value);
      span.join();
    }
  }
  scopeSpans.join();
  resourceSpans.join();
  return writer.finish();
}

function message(writer: BinaryWriter, field: number): BinaryWriter {
  return writer.tag(field, WireType.LengthDelimited).fork();
}

function attribute(writer: BinaryWriter, field: number, name: string, value: string): void {
  const keyValue = message(writer, field);
  writer.tag(1, WireType.LengthDelimited).string(name);
  const anyValue = message(writer, 2);
  writer.tag(1, WireType.LengthDelimited).string(value);
  anyValue.join();
  keyValue.join();
}
