// What is shown stands in the hash of the URL, so that it can be shared and the back button works:
// `#/?service=full-otel&status=500`, `#/trace/<id>`, `#/trace/<id>/span/<id>`.

/**
 * @typedef {object} Filters
 * @property {string} service
 * @property {string} route
 * @property {string} status a code, or `errors`
 * @property {string} min milliseconds
 * @property {string} level of log lines
 * @property {string} window minutes of the plot
 */
/** @typedef {{ view: 'overview', filters: Filters } | { view: 'trace', traceId: string, spanId?: string }} Address */

/** @type {Filters} */
export const noFilters = { service: '', route: '', status: '', min: '', level: '', window: '5' };

/** @param {string} hash @returns {Address} */
export function parseAddress(hash) {
  const [path = '', query] = hash.replace(/^#/, '').split(/\?(.*)/s, 2);
  const [, traceId, spanId] = /^\/trace\/([^/]+)(?:\/span\/([^/]+))?\/?$/.exec(path) ?? [];
  if (traceId !== undefined) {
    return { view: 'trace', traceId: decode(traceId), ...(spanId !== undefined && { spanId: decode(spanId) }) };
  }
  const given = [...new URLSearchParams(query)].filter(([name]) => Object.hasOwn(noFilters, name));
  return { view: 'overview', filters: { ...noFilters, ...Object.fromEntries(given) } };
}

/** @param {Filters} filters */
export function overviewHash(filters) {
  const given = Object.entries(filters).filter(
    ([name, value]) => value !== noFilters[/** @type {keyof Filters} */ (name)],
  );
  const query = new URLSearchParams(given).toString().replaceAll('%2F', '/');
  return query === '' ? '#/' : `#/?${query}`;
}

/** @param {string} traceId @param {string | null} [spanId] */
export function traceHash(traceId, spanId) {
  const span = spanId ? `/span/${encodeURIComponent(spanId)}` : '';
  return `#/trace/${encodeURIComponent(traceId)}${span}`;
}

/** The trace id in what someone pastes: an id, a traceparent, a link. @param {string} text */
export function traceIdIn(text) {
  return /(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])/i.exec(text)?.[0].toLowerCase();
}

/** @param {string} part */
function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
