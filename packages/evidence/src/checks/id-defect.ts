const LENGTHS = { trace: 32, span: 16 };

/** What makes a value no trace or span id by W3C Trace Context; undefined when it is one. */
export function idDefect(kind: 'trace' | 'span', id: unknown): string | undefined {
  if (typeof id !== 'string') return `${id === null ? 'null' : typeof id} in place of text`;
  if (id === '') return 'empty';
  if (/^(undefined|null|NaN|\[object .*\])$/.test(id)) return `the text ${id}`;
  if (!/^[0-9a-f]*$/i.test(id)) return 'not hex';
  if (id.length !== LENGTHS[kind]) return `${id.length} digits in place of ${LENGTHS[kind]}`;
  if (/^0+$/.test(id)) return 'all zeros';
  return /[A-F]/.test(id) ? 'upper case' : undefined;
}
