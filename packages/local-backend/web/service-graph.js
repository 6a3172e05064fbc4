import { h, svg } from './dom.js';
import { count } from './format.js';
import { colourOf } from './service-name.js';

/** @import { Edge } from '@clew/evidence' */

const WIDTH = 380;
const HEIGHT = 190;
const NODE = { width: 104, height: 30 };

/**
 * Services on an ellipse, whoever is outside to the left, an arc for each edge. For eyes only: the table beside it says
 * the same.
 *
 * @param {Edge[]} edges
 */
export function drawGraph(edges) {
  const names = [...new Set(edges.flatMap(({ caller, callee, target }) => [caller ?? '', callee ?? target ?? '?']))];
  names.sort((a, b) => (a === '' ? -1 : b === '' ? 1 : a < b ? -1 : 1));
  const places = new Map(names.map((name, i) => [name, placeOf(i, names.length)]));
  const services = new Set(edges.flatMap(({ caller, callee }) => [caller, callee]));
  const most = Math.max(...edges.map(({ requests }) => requests));
  const labels = svg('g', { class: 'counts' });
  const picture = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, 'aria-hidden': 'true' });
  for (const edge of edges) {
    const [from, to] = [places.get(edge.caller ?? ''), places.get(edge.callee ?? edge.target ?? '?')];
    if (from && to && from !== to) picture.append(arc(from, to, edge, most, labels));
  }
  picture.append(labels);
  for (const [name, place] of places) picture.append(node(name, place, services.has(name)));
  return h('div', { class: 'graph' }, picture);
}

/** @typedef {{ x: number, y: number }} Place */

/** @param {number} i @param {number} of @returns {Place} */
function placeOf(i, of) {
  const angle = Math.PI + (2 * Math.PI * i) / of;
  return {
    x: WIDTH / 2 + Math.cos(angle) * (WIDTH / 2 - NODE.width / 2 - 2),
    y: HEIGHT / 2 + Math.sin(angle) * (HEIGHT / 2 - NODE.height / 2 - 12),
  };
}

/** @param {Place} from @param {Place} to @param {Edge} edge @param {number} most @param {HTMLElement} labels above all arcs */
function arc(from, to, edge, most, labels) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  // To the left of its direction, so that there and back are two arcs.
  const bend = Math.min(26, length / 5);
  const middle = { x: (from.x + to.x) / 2 + (dy / length) * bend, y: (from.y + to.y) / 2 - (dx / length) * bend };
  const [start, end] = [edgeOf(from, middle), edgeOf(to, middle)];
  const stroke = 1.2 + 2.8 * Math.sqrt(edge.requests / most);
  const angle = (Math.atan2(end.y - middle.y, end.x - middle.x) * 180) / Math.PI;
  const label = { x: (start.x + 2 * middle.x + end.x) / 4, y: (start.y + 2 * middle.y + end.y) / 4 };
  const text = count(edge.requests);
  const width = 7 * text.length + 4;
  labels.append(
    svg('rect', { x: label.x - width / 2, y: label.y - 8, width, height: 16, rx: 3 }),
    svg('text', { x: label.x, y: label.y + 4 }, text),
  );
  return svg(
    'g',
    { class: edge.errors > 0 ? 'edge error' : 'edge' },
    svg('path', { d: `M${start.x} ${start.y}Q${middle.x} ${middle.y} ${end.x} ${end.y}`, 'stroke-width': stroke }),
    svg('path', {
      class: 'head',
      d: 'M0 0L-9 -4.5L-9 4.5Z',
      transform: `translate(${end.x} ${end.y}) rotate(${angle})`,
    }),
  );
}

/** Where the line from a node's middle to a point leaves the node. @param {Place} node @param {Place} point */
function edgeOf(node, point) {
  const [dx, dy] = [point.x - node.x, point.y - node.y];
  const scale = Math.min(
    (NODE.width / 2 + 3) / Math.max(Math.abs(dx), 0.01),
    (NODE.height / 2 + 3) / Math.max(Math.abs(dy), 0.01),
    1,
  );
  return { x: node.x + dx * scale, y: node.y + dy * scale };
}

/** @param {string} name @param {Place} place @param {boolean} isService */
function node(name, { x, y }, isService) {
  const text = name === '' ? 'outside' : name;
  return svg(
    'g',
    { class: isService && name !== '' ? `node ${colourOf(name)}` : 'node', transform: `translate(${x} ${y})` },
    svg('rect', {
      x: -NODE.width / 2,
      y: -NODE.height / 2,
      width: NODE.width,
      height: NODE.height,
      rx: 15,
    }),
    svg('text', { y: 4 }, text.length > 15 ? `${text.slice(0, 14)}…` : text),
  );
}
