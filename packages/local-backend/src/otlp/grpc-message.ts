import type { Readable } from 'node:stream';
import { decoderOf, HttpError } from './http-body.ts';

const prefixBytes = 5;

/**
 * Reads the one message of a unary gRPC call; at most `maxBytes`, before and after decompression. Throws an
 * {@link HttpError} 400, 413 or 415.
 *
 * @param encoding the call's `grpc-encoding`
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests (Length-Prefixed-Message)
 */
export async function readMessage(stream: Readable, encoding: string | undefined, maxBytes: number): Promise<Buffer> {
  const decode = decoderOf(encoding, maxBytes);
  const bytes = await readAtMost(stream, prefixBytes + maxBytes);
  if (bytes.length < prefixBytes) throw new HttpError(400, 'malformed request: no message');
  const compressed = bytes.readUInt8(0);
  const length = bytes.readUInt32BE(1);
  if (length > maxBytes) {
    throw new HttpError(413, `message of ${length} bytes, at most ${maxBytes} are taken: send smaller batches`);
  }
  const message = bytes.subarray(prefixBytes);
  if (message.length !== length) {
    throw new HttpError(400, `malformed request: ${message.length} bytes where one message of ${length} is announced`);
  }
  if (compressed === 0) return message;
  if (compressed === 1 && encoding !== undefined) return decode(message);
  throw new HttpError(
    400,
    `malformed request: compressed flag ${compressed} and ${encoding ? `grpc-encoding ${encoding}` : 'no grpc-encoding'}`,
  );
}

/** The message with its prefix, not compressed. */
export function frameMessage(message: Buffer): Buffer {
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** Reads to the end, or until there are more than `most` bytes. */
async function readAtMost(stream: Readable, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > most) break;
  }
  return Buffer.concat(chunks, length);
}
