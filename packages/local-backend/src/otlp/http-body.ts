import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';

/** An error that has its HTTP status with it. */
export class HttpError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const decoders: Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>> = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  identity: (bytes) => Promise.resolve(bytes),
};

/** Reads a body of at most `maxBytes`, before and after decompression. Throws an {@link HttpError} 400, 413 or 415. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const decode = decoderOf(request.headers['content-encoding'], maxBytes);
  return decode(await readBytes(request, maxBytes));
}

/** What undoes a compression, to at most `maxBytes`: 400 or 413. Throws an {@link HttpError} 415 where there is none. */
export function decoderOf(encoding = 'identity', maxBytes: number): (bytes: Buffer) => Promise<Buffer> {
  const name = encoding.toLowerCase();
  const decode = Object.hasOwn(decoders, name) ? decoders[name] : undefined;
  if (decode === undefined) throw new HttpError(415, `compression ${name}: use gzip, deflate or none`);
  return async (bytes) => {
    try {
      return await decode(bytes, { maxOutputLength: maxBytes });
    } catch (error) {
      if (error instanceof RangeError) throw tooLarge(maxBytes);
      throw new HttpError(400, `malformed ${name} body`);
    }
  };
}

async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      length += chunk.length;
      if (length > maxBytes) throw tooLarge(maxBytes);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof HttpError) throw error;
    throw new HttpError(400, 'the request was cut off');
  }
  return Buffer.concat(chunks, length);
}

function tooLarge(maxBytes: number): HttpError {
  return new HttpError(413, `body of more than ${maxBytes} bytes: send smaller batches`);
}
