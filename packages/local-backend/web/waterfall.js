import { traceHash } from './address.js';
import { arrowKeys } from './arrows.js';
import { h } from './dom.js';
import { counted, durationUs } from './format.js';
import { keep } from './keep.js';
import { colourOf, serviceName } from './service-name.js';
import { spanDetails } from './span-details.js';
import { spanTree } from './span-tree.js';
import { statusBadge } from './status-badge.js';

/** @import { StoredLog } from '@clew/evidence' */
/** @import { Row } from './span-tree.js' */
/** @import { Trace } from './trace.js' */
/** @typedef {{ start: number, length: number }} Extent of a trace, in microseconds */

/** More rows than anyone reads, few enough to be quick. */
const MOST = 1000;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** The spans of a trace over its time; one of them unfolds. */
export function createWaterfall() {
  const ruler = h('div', { class: 'ruler', 'aria-hidden': 'true' });
  const list = h('ol', { class: 'spans' });
  const more = h('p', { class: 'nothing' });
  const element = h('section', { class: 'panel waterfall', 'aria-label': 'Spans' }, ruler, list, more);
  arrowKeys(list, 'a.row');

  /** @type {Trace} */
  let trace = { traceId: '', spans: [], logs: [] };
  const items = () => /** @type {HTMLElement[]} */ ([...list.children]);

  return {
    element,

    /** @param {Trace} shown */
    show(shown) {
      trace = shown;
      const { traceId, spans } = trace;
      element.hidden = spans.length === 0;
      const start = Math.min(...spans.map(({ startUs }) => startUs));
      const end = Math.max(...spans.map(({ startUs, durationUs }) => startUs + durationUs));
      const extent = { start, length: Math.max(end - start, 1) };
      ruler.replaceChildren(...TICKS.map((tick) => h('span', {}, durationUs(extent.length * tick))));

      const rows = spanTree(spans);
      more.hidden = rows.length <= MOST;
      more.textContent = `${counted(rows.length - MOST, 'more span')} not shown: /api/traces/${traceId} has all.`;
      const shownRows = new Map(rows.slice(0, MOST).map((row) => [row.span.spanId, row]));
      keep(
        list,
        [...shownRows.keys()],
        (spanId) => spanId,
        () => h('li', {}, h('a', { class: 'row' })),
      );
      // Rows are filled anew, because the first and last of later spans move all bars; the links, which have the focus, stay.
      const logs = Map.groupBy(trace.logs, ({ spanId }) => spanId);
      for (const item of items()) {
        const row = shownRows.get(item.dataset.key ?? '');
        if (row !== undefined) fill(item, row, logs.get(row.span.spanId) ?? [], extent);
      }
    },

    /** @param {string} [spanId] unfolds this span, and folds the others */
    select(spanId) {
      for (const item of items()) {
        const own = item.dataset.key ?? '';
        const isOpen = own === spanId;
        const row = item.querySelector('a.row');
        row?.setAttribute('aria-expanded', String(isOpen));
        // A second click folds it.
        row?.setAttribute('href', isOpen ? traceHash(trace.traceId) : traceHash(trace.traceId, own));
        const details = item.querySelector('.details');
        if (!isOpen) details?.remove();
        else if (!details?.contains(document.activeElement)) {
          details?.remove();
          item.append(detailsOf(own));
        }
      }
    },

    /** @param {string} spanId */
    focus(spanId) {
      const item = items().find(({ dataset }) => dataset.key === spanId);
      item?.querySelector('a')?.focus({ preventScroll: true });
      item?.scrollIntoView({ block: 'nearest' });
      return item !== undefined;
    },
  };

  /** @param {string} spanId */
  function detailsOf(spanId) {
    const span = trace.spans.find((span) => span.spanId === spanId);
    const logs = trace.logs.filter((line) => line.spanId === spanId);
    return span === undefined ? '' : spanDetails(span, logs);
  }
}

/** @param {HTMLElement} item @param {Row} row @param {StoredLog[]} logs @param {Extent} extent */
function fill(item, { span, depth, isOrphan }, logs, { start, length }) {
  const isError = span.status === 2;
  const status = span.attributes['http.response.status_code'];
  const name = h(
    'span',
    { class: 'name' },
    serviceName(span.service),
    h('bdi', {}, span.name),
    typeof status === 'number' || isError ? statusBadge(Number(status) || null, isError) : '',
    isOrphan && h('span', { class: 'badge error' }, 'parent missing'),
    logs.length > 0 && h('span', { class: 'badge' }, counted(logs.length, 'line')),
  );
  name.style.setProperty('--depth', String(Math.min(depth, 10)));

  const share = (/** @type {number} */ us) => `${(us / length) * 100}%`;
  const bar = h('span', { class: 'bar' });
  bar.style.left = share(span.startUs - start);
  bar.style.width = share(span.durationUs);
  const ticks = logs.map(({ timeUs, level }) => {
    const tick = h('span', { class: `tick level-${level ?? 'none'}` });
    tick.style.left = share(Math.min(Math.max(timeUs - start, 0), length));
    return tick;
  });

  item.className = `span ${colourOf(span.service)} ${isError ? 'error' : ''}`;
  item
    .querySelector('a.row')
    ?.replaceChildren(
      name,
      h('span', { class: 'track', 'aria-hidden': 'true' }, bar, ticks),
      h('span', { class: 'number' }, durationUs(span.durationUs)),
    );
}
