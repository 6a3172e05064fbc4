/**
 * Writes protobuf messages into one growing buffer.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export class Writer {
  #bytes: Buffer;
  #length = 0;

  /** @param capacity in bytes; what does not fit is copied into a buffer of twice the size */
  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafeSlow(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** What was written. Valid until something more is. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** How much can be written before a larger buffer is needed, in bytes. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /** Takes back what was written after `length` bytes. */
  truncate(length: number): void {
    this.#length = length;
  }

  /** A varint of any whole number that a double holds; negative ones as 64 bits in two's complement. */
  varint(value: number): void {
    this.#reserve(10);
    const bytes = this.#bytes;
    if (value >= 0 && value < 128) {
      bytes[this.#length++] = value;
      return;
    }
    let low = value >>> 0;
    let high = Math.floor(value / 2 ** 32) >>> 0;
    while (high > 0) {
      bytes[this.#length++] = (low & 127) | 128;
      low = ((low >>> 7) | (high << 25)) >>> 0;
      high >>>= 7;
    }
    while (low > 127) {
      bytes[this.#length++] = (low & 127) | 128;
      low >>>= 7;
    }
    bytes[this.#length++] = low;
  }

  fixed32(value: number): void {
    this.#reserve(4);
    this.#length = this.#bytes.writeUInt32LE(value >>> 0, this.#length);
  }

  fixed64(low: number, high: number): void {
    this.fixed32(low);
    this.fixed32(high);
  }

  double(value: number): void {
    this.#reserve(8);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
  }

  /** Length and bytes. */
  bytes(value: Uint8Array): void {
    this.varint(value.length);
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** Length and the bytes that `hex` stands for: an id of a trace or span. */
  hex(hex: string): void {
    const { length } = hex;
    this.varint(length >>> 1);
    this.#reserve(length);
    for (let i = 0; i + 1 < length; i += 2) {
      this.#bytes[this.#length++] = (digit(hex.charCodeAt(i)) << 4) | digit(hex.charCodeAt(i + 1));
    }
  }

  /** Length and UTF-8. Not every caller is in TypeScript: a number that names a span is written as text. */
  string(value: unknown): void {
    if (typeof value !== 'string') this.string(String(value));
    else if (value.length > SHORT || !this.#ascii(value)) this.#utf8(value);
  }

  /** At most 127 characters. False, and nothing written, if there are others than ASCII. */
  #ascii(value: string): boolean {
    const { length } = value;
    this.#reserve(length + 1);
    const bytes = this.#bytes;
    let at = this.#length;
    bytes[at++] = length;
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i);
      if (code > 127) return false;
      bytes[at++] = code;
    }
    this.#length = at;
    return true;
  }

  #utf8(value: string): void {
    const length = Buffer.byteLength(value);
    this.varint(length);
    this.#reserve(length);
    this.#length += this.#bytes.write(value, this.#length);
  }

  /**
   * Begins a message inside this one: what is written until `end` is its content.
   *
   * @param lengthBytes how many its length will most likely take; a wrong guess costs a copy
   * @returns what `end` asks for
   */
  begin(lengthBytes = 1): number {
    this.#reserve(lengthBytes);
    this.#length += lengthBytes;
    return this.#length;
  }

  end(begun: number, lengthBytes = 1): void {
    let length = this.#length - begun;
    const needed = varintSize(length);
    const start = begun - lengthBytes;
    if (needed !== lengthBytes) {
      this.#reserve(needed);
      this.#bytes.copyWithin(start + needed, begun, this.#length);
      this.#length += needed - lengthBytes;
    }
    let at = start;
    for (; length > 127; length >>>= 7) this.#bytes[at++] = (length & 127) | 128;
    this.#bytes[at] = length;
  }

  #reserve(length: number): void {
    const needed = this.#length + length;
    if (needed <= this.#bytes.length) return;
    const bytes = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(bytes, 0, 0, this.#length);
    this.#bytes = bytes;
  }
}

// Character by character is faster than a call into native code up to about this length.
const SHORT = 64;

function digit(code: number): number {
  return code < 58 ? code - 48 : (code | 32) - 87;
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest > 127; rest >>>= 7) size += 1;
  return size;
}
