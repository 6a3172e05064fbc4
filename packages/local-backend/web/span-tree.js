/** @import { StoredSpan } from '@clew/evidence' */

/**
 * @typedef {object} Row
 * @property {StoredSpan} span
 * @property {number} depth
 * @property {boolean} isOrphan its parent is not in the trace
 */

/**
 * The spans of a trace, each after its parent. A span whose parent is missing, or that is its own ancestor, stands at
 * the top.
 *
 * @param {StoredSpan[]} spans by start time
 * @returns {Row[]}
 */
export function spanTree(spans) {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const isTop = (/** @type {StoredSpan} */ { parentSpanId }) => parentSpanId === null || !ids.has(parentSpanId);
  const children = Map.groupBy(spans, ({ parentSpanId }) => parentSpanId);
  const rows = /** @type {Map<StoredSpan, Row>} */ (new Map());

  // Without recursion: a chain of ten thousand spans is a trace, too.
  const walk = (/** @type {StoredSpan} */ top) => {
    const waiting = [{ span: top, depth: 0, isOrphan: top.parentSpanId !== null }];
    for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
      if (rows.has(row.span)) continue;
      rows.set(row.span, row);
      const below = children.get(row.span.spanId) ?? [];
      for (const span of below.toReversed()) waiting.push({ span, depth: row.depth + 1, isOrphan: false });
    }
  };
  for (const span of spans.filter(isTop)) walk(span);
  for (const span of spans) if (!rows.has(span)) walk(span);
  return [...rows.values()];
}
