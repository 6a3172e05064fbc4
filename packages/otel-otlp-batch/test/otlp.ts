// So much of OTLP as these tests look at: fields by their numbers.

/** What the length-delimited fields with these numbers hold, each inside of the one before. */
export function fieldsAt(message: Buffer, [number, ...inner]: number[]): Buffer[] {
  const found = lengthDelimited(message).flatMap(([field, content]) => (field === number ? [content] : []));
  return inner.length > 0 ? found.flatMap((content) => fieldsAt(content, inner)) : found;
}

const SPAN = [1, 2, 2]; // resource_spans, scope_spans, spans: log records are in the same place
const NAME = 5;
const BODY = 5;
const STRING_VALUE = 1;

export function spanNames(request: Buffer): string[] {
  return fieldsAt(request, [...SPAN, NAME]).map(String);
}

export function logBodies(request: Buffer): string[] {
  return fieldsAt(request, [...SPAN, BODY, STRING_VALUE]).map(String);
}

function lengthDelimited(message: Buffer): [field: number, content: Buffer][] {
  const fields: [number, Buffer][] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message.readUInt8(at++);
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const type = tag & 7;
    if (type === 0) varint();
    else if (type === 1) at += 8;
    else if (type === 5) at += 4;
    else if (type === 2) {
      const length = varint();
      if (at + length > message.length) throw new Error(`Field ${tag >>> 3} is longer than its message.`);
      fields.push([tag >>> 3, message.subarray(at, at + length)]);
      at += length;
    } else throw new Error(`No wire type ${type} is in OTLP.`);
  }
  return fields;
}
