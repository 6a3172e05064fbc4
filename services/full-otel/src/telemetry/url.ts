/** A query string with its names and without its values, which may be secrets: `a=1&b=2` gives `a=REDACTED&b=REDACTED`. */
export function redactQuery(query: string): string {
  return query
    .split('&')
    .map((pair) => (pair.includes('=') ? `${pair.slice(0, pair.indexOf('='))}=REDACTED` : 'REDACTED'))
    .join('&');
}
