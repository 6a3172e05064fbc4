import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

// The three Export*ServiceResponse messages are alike: partial_success = 1 with the number of refused records = 1 and
// error_message = 2. https://opentelemetry.io/docs/specs/otlp/#partial-success

/** An Export*ServiceResponse: empty when nothing was refused. */
export function exportResponse(refused: number, reason: string): Buffer {
  const writer = new BinaryWriter();
  if (refused > 0) {
    writer.tag(1, WireType.LengthDelimited).fork();
    writer.tag(1, WireType.Varint).int64(refused);
    writer.tag(2, WireType.LengthDelimited).string(reason).join();
  }
  return Buffer.from(writer.finish());
}

/**
 * A google.rpc.Status, the body of an error over HTTP and the `grpc-status-details-bin` of one over gRPC; with
 * `retryAfterMs` it carries a google.rpc.RetryInfo.
 * https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto
 */
export function statusMessage(code: number, message: string, retryAfterMs?: number): Buffer {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Varint).int32(code);
  writer.tag(2, WireType.LengthDelimited).string(message);
  if (retryAfterMs !== undefined) {
    writer.tag(3, WireType.LengthDelimited).fork();
    writer.tag(1, WireType.LengthDelimited).string('type.googleapis.com/google.rpc.RetryInfo');
    writer.tag(2, WireType.LengthDelimited).bytes(retryInfo(retryAfterMs)).join();
  }
  return Buffer.from(writer.finish());
}

function retryInfo(delayMs: number): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.LengthDelimited).fork();
  writer.tag(1, WireType.Varint).int64(Math.floor(delayMs / 1000));
  writer
    .tag(2, WireType.Varint)
    .int32((delayMs % 1000) * 1_000_000)
    .join();
  return writer.finish();
}
