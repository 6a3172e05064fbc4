// Just enough of the wire format to put fields into a message that is already encoded.
// https://protobuf.dev/programming-guides/encoding/

const LENGTH_DELIMITED = 2;
const FIXED_SIZE: Record<number, number> = { 1: 8, 5: 4 };

interface Field {
  number: number;
  /** Where the field begins, where its content begins (after tag and length), and where it ends. */
  start: number;
  content: number;
  end: number;
}

/** The contents of the fields of one number. */
export function contents(message: Uint8Array, number: number): Uint8Array[] {
  return [...fields(message)]
    .filter((field) => field.number === number)
    .map(({ content, end }) => message.subarray(content, end));
}

/** The fields of a message, in the order they stand in it. */
function* fields(message: Uint8Array): Generator<Field> {
  let start = 0;
  while (start < message.length) {
    const [tag, afterTag] = readVarint(message, start);
    const wireType = tag & 7;
    let content = afterTag;
    let end: number;
    if (wireType === LENGTH_DELIMITED) {
      const [length, afterLength] = readVarint(message, afterTag);
      content = afterLength;
      end = content + length;
    } else {
      end = wireType === 0 ? readVarint(message, afterTag)[1] : afterTag + (FIXED_SIZE[wireType] ?? Number.NaN);
    }
    // Also false for NaN: a wire type that proto3 does not have.
    if (!(end <= message.length)) throw new RangeError(`protobuf field at byte ${start} cannot be read`);
    yield { number: tag >>> 3, start, content, end };
    start = end;
  }
}

/**
 * The message with the contents of some of its length-delimited fields replaced, and their lengths put right.
 *
 * @param numbers the fields to replace
 * @param replace gets the content of a field and how many of them came before
 */
export function mapFields(
  message: Uint8Array,
  numbers: readonly number[],
  replace: (content: Uint8Array, index: number) => Uint8Array,
): Uint8Array {
  const parts: Uint8Array[] = [];
  let index = 0;
  for (const { number, start, content, end } of fields(message)) {
    if (numbers.includes(number)) {
      parts.push(lengthDelimited(number, replace(message.subarray(content, end), index)));
      index += 1;
    } else {
      parts.push(message.subarray(start, end));
    }
  }
  return Buffer.concat(parts);
}

/** A field of bytes, a string or a message. */
export function lengthDelimited(number: number, content: Uint8Array): Uint8Array {
  return Buffer.concat([varint((number << 3) | LENGTH_DELIMITED), varint(content.length), content]);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest >>>= 7;
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

/** Varints of more than 32 bits are skipped rightly, their value is of no interest here. */
function readVarint(bytes: Uint8Array, start: number): [value: number, end: number] {
  let value = 0;
  let at = start;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at] ?? 0;
    at += 1;
    if (shift < 32) value |= (byte & 127) << shift;
    if (byte < 128) return [value >>> 0, at];
  }
}
