const BYTES = { trace: 16, span: 8 };

/**
 * A trace or span id as lower-case hex. In OTLP's JSON it is hex; Tempo follows protobuf's JSON mapping, where bytes are
 * base64. Their lengths tell them apart: 32 against 24 characters, 16 against 12. Anything else stays as it came, for the
 * check of malformed ids.
 */
export function hexId(kind: 'trace' | 'span', id: string): string {
  const bytes = BYTES[kind];
  if (id.length === bytes * 2 && /^[0-9a-f]*$/i.test(id)) return id.toLowerCase();
  const decoded = Buffer.from(id, 'base64');
  return decoded.length === bytes && /^[A-Za-z0-9+/_-]+=*$/.test(id) ? decoded.toString('hex') : id;
}

/** A trace id whose leading zeros were left out, as in Tempo's search results. */
export function padTraceId(id: string): string {
  return /^[0-9a-f]{1,31}$/i.test(id) ? id.toLowerCase().padStart(BYTES.trace * 2, '0') : id.toLowerCase();
}
