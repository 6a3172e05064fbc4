import { traceHash } from './address.js';
import { get } from './api.js';
import { arrowKeys } from './arrows.js';
import { h } from './dom.js';
import { clock, counted, durationUs } from './format.js';
import { keep } from './keep.js';
import { isPointedAt } from './pointed-at.js';
import { serviceName } from './service-name.js';
import { statusBadge } from './status-badge.js';
import { tableHead } from './table-head.js';

/** @import { TraceSummary } from '@clew/evidence' */
/** @import { Filters } from './address.js' */

const MOST = 50;

/** The newest traces. @param {HTMLElement} root @param {HTMLElement} note */
export function createTraces(root, note) {
  const body = h('tbody');
  const head = tableHead(['Started', 'Trace', 'Status', 'Duration', 'Spans'], ['Duration', 'Spans']);
  const table = h('table', { class: 'traces' }, head, body);
  const nothing = h('p', { class: 'nothing', hidden: true });
  root.append(table, nothing);
  arrowKeys(body, 'a');
  let answered = '';

  return {
    /** @param {Filters} filters */
    async load({ service, route, status, min }) {
      const isError = status === 'errors';
      /** @type {TraceSummary[]} */
      const found = await get('/api/traces', {
        service,
        route,
        status: isError ? '' : status,
        error: isError || undefined,
        minDurationUs: min === '' ? '' : Math.round(Number(min) * 1000),
        limit: MOST,
      });
      return () => {
        const question = JSON.stringify([service, route, status, min]);
        if (question === answered && isPointedAt(body)) {
          note.textContent = 'held while you point at them';
          return;
        }
        answered = question;
        const isFiltered = [service, route, status, min].some((filter) => filter !== '');
        table.hidden = found.length === 0;
        nothing.hidden = found.length > 0;
        nothing.textContent = isFiltered
          ? 'No trace has such a span. Choose other filters, or clear them.'
          : 'No traces yet: a service sends them a few seconds after its first request.';
        note.textContent = found.length < MOST ? counted(found.length, 'trace') : `the newest ${MOST}`;
        keep(body, found, ({ traceId }) => traceId, row);
      };
    },
  };
}

/** @param {TraceSummary} trace */
function row(trace) {
  const others = trace.services.filter((service) => service !== trace.service);
  return h(
    'tr',
    { class: trace.errors > 0 ? 'error' : '' },
    h('td', { class: 'time' }, clock(trace.startUs)),
    h(
      'td',
      { class: 'what' },
      h('a', { href: traceHash(trace.traceId) }, h('bdi', {}, trace.name || trace.traceId)),
      ' ',
      h('span', { class: 'services' }, [trace.service, ...others].map(serviceName)),
    ),
    h('td', {}, statusBadge(trace.status, trace.errors > 0)),
    h('td', { class: 'number' }, durationUs(trace.durationUs)),
    h('td', { class: 'number' }, String(trace.spans)),
  );
}
