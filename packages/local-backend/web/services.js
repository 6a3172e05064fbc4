import { get } from './api.js';
import { h } from './dom.js';
import { count, percent } from './format.js';
import { drawGraph } from './service-graph.js';
import { serviceName } from './service-name.js';
import { tableHead } from './table-head.js';

/** @import { Edge } from '@clew/evidence' */

/** Services and who calls whom: a picture, and a table that says the same. @param {HTMLElement} root */
export function createServices(root) {
  let shown = '';
  return {
    async load() {
      /** @type {Edge[]} */
      const edges = await get('/api/edges');
      return () => {
        const state = JSON.stringify(edges);
        if (state === shown) return;
        shown = state;
        root.replaceChildren(...(edges.length === 0 ? [nothing()] : [drawGraph(edges), table(edges)]));
      };
    },
  };
}

function nothing() {
  return h('p', { class: 'nothing' }, 'No requests yet: who calls whom is read from SERVER and CLIENT spans.');
}

/** @param {Edge[]} edges */
function table(edges) {
  const rows = edges.map((edge) =>
    h(
      'tr',
      {},
      h('td', {}, edge.caller === null ? h('span', { class: 'quiet' }, 'outside') : serviceName(edge.caller)),
      h('td', {}, edge.callee === null ? nobody(edge.target) : serviceName(edge.callee)),
      h('td', { class: 'number' }, count(edge.requests)),
      h('td', { class: edge.errors > 0 ? 'number bad' : 'number quiet' }, percent(edge.errors / edge.requests)),
    ),
  );
  const head = tableHead(['From', 'To', 'Requests', 'Errors'], ['Requests', 'Errors']);
  return h('table', {}, head, h('tbody', {}, rows));
}

/** @param {string | null} target */
function nobody(target) {
  return h('span', { class: 'quiet' }, h('bdi', {}, target ?? 'unknown'), ', no span came from there');
}
