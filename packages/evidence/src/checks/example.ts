import { withHexIds } from '../sql.ts';
import { maskEntry, maskSecrets } from './secrets/mask.ts';

/**
 * A failed subject as it is shown: without its outcome, with ids as hex, `+Inf` for the last bucket as JSON has no
 * Infinity, and without secrets, because a report goes to terminals, files and CI.
 */
export function exampleOf(subject: object): object {
  const { outcome: _outcome, ...shown } = subject as Record<string, unknown>; // any object has fields
  return withHexIds(fieldsOf(shown));
}

function fieldsOf(fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]: [string, unknown]) => {
      return [maskSecrets(name), typeof value === 'string' ? maskEntry(name, value) : shownValue(value)];
    }),
  );
}

function shownValue(value: unknown): unknown {
  if (typeof value === 'string') return maskSecrets(value);
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  // Bytes are ids.
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  return Array.isArray(value) ? value.map(shownValue) : fieldsOf(value);
}
