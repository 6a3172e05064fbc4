import { traceHash } from './address.js';
import { arrowKeys } from './arrows.js';
import { h } from './dom.js';
import { clock, counted, duration } from './format.js';
import { keep } from './keep.js';
import { serviceName } from './service-name.js';
import { statusBadge } from './status-badge.js';
import { tableHead } from './table-head.js';

/** @import { StoredExemplar } from '@clew/evidence' */

/** What the dots say, in words; filled when it is unfolded. @param {HTMLDetailsElement} root */
export function createExemplarTable(root) {
  /** @type {StoredExemplar[]} */
  let exemplars = [];
  const body = h('tbody');
  const head = tableHead(['Time', 'Service', 'Request', 'Status', 'Duration', 'Trace'], ['Duration']);
  const table = h('table', {}, head, body);
  root.append(h('div', { class: 'scroll' }, table));
  arrowKeys(body, 'a');

  const fill = () => {
    if (root.open) keep(body, exemplars, keyOf, row);
  };
  root.addEventListener('toggle', fill);
  return {
    /** @param {StoredExemplar[]} newest */
    show(newest) {
      exemplars = newest;
      const summary = root.querySelector('summary');
      if (summary !== null) summary.textContent = `${counted(exemplars.length, 'exemplar')} as a table`;
      fill();
    },
  };
}

/** @param {StoredExemplar} exemplar */
const keyOf = ({ seriesId, le, timeUs, spanId }) => [seriesId, le, timeUs, spanId].join(' ');

/** @param {StoredExemplar} exemplar */
function row({ timeUs, service, labels, value, traceId, spanId, linked }) {
  return h(
    'tr',
    {},
    h('td', { class: 'time' }, clock(timeUs)),
    h('td', {}, serviceName(service)),
    h('td', {}, `${labels.http_request_method ?? ''} `, h('bdi', {}, labels.http_route ?? '')),
    h('td', {}, statusBadge(labels.http_response_status_code ?? labels.error_type, labels.error_type !== undefined)),
    h('td', { class: 'number' }, duration(value)),
    h('td', {}, h('a', { href: traceHash(traceId, spanId) }, traceId.slice(0, 8)), linked ? '' : ' (not here)'),
  );
}
