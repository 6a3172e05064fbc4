const ids = { trace: /^[0-9a-f]{32}$/, span: /^[0-9a-f]{16}$/ };
const zeros = '0'.repeat(32);

/**
 * The form in which a trace or span id is stored: bytes, or the text as it came when it is not valid by W3C Trace
 * Context (wrong length, upper case, all zeros). Text never equals bytes, so a malformed id matches no good one.
 */
export function storedId(kind: 'trace' | 'span', id: string): Uint8Array | string {
  return ids[kind].test(id) && !zeros.startsWith(id) ? Buffer.from(id, 'hex') : id;
}
