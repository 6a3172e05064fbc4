/** What is said elsewhere, or is nothing that was asked for. */
const BESIDE = ['kind', 'name', 'match', 'ttlMs', 'source', 'startedAt', 'endsAt', 'hits'];

/**
 * A rule as the header x-clew-fault takes it: `error;status=503;route=/api/users;share=0.2`.
 *
 * @param {any} rule anything: a service has sent it
 */
export function compactRule(rule) {
  const { kind, match } = Object(rule);
  const { header, ...rest } = Object(match);
  const fields = [
    ...Object.entries(Object(rule)).filter(([name]) => !BESIDE.includes(name)),
    ...Object.entries(rest),
    ...Object.entries(Object(header)).map(([name, value]) => [`header.${name}`, value]),
  ];
  return [text(kind), ...fields.map(([name, value]) => `${name}=${text(value)}`)].join(';');
}

/** @param {unknown} value */
function text(value) {
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).replace(/[%;,]/g, encodeURIComponent);
}
