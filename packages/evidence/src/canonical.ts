/**
 * JSON with sorted keys, so that equal attributes or labels give equal text whatever order they came in.
 *
 * @throws {TypeError} when a value has no JSON form (a bigint, a cycle).
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
