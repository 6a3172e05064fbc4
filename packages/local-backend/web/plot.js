import { get } from './api.js';
import { byId, h } from './dom.js';
import { createDots } from './dots.js';
import { createExemplarTable } from './exemplar-table.js';
import { clock, duration } from './format.js';
import { drawHeat } from './heat.js';
import { isPointedAt } from './pointed-at.js';
import { serviceName } from './service-name.js';
import { onThemeChange } from './theme.js';
import uPlot from './vendor/uPlot.esm.js';

/** @import { Latency, StoredExemplar } from '@clew/evidence' */
/** @import { Filters } from './address.js' */

const METRIC = 'http_server_request_duration_seconds';
const MOST = 1500;
const HEIGHT = 300;

/**
 * Durations over time: all requests as a heat map, and exemplars as dots in front of it.
 *
 * @param {HTMLElement} root
 */
export function createPlot(root) {
  /** @type {Latency} */
  let latency = { sinceUs: 0, untilUs: 1, stepUs: 1, cells: [], routes: [], statuses: [] };
  /** @type {StoredExemplar[]} */
  let exemplars = [];
  const y = { min: 0.001, max: 1 };
  /** @type {ReturnType<typeof createDots> | undefined} */
  let dots;

  const colour = (/** @type {'color' | 'borderTopColor'} */ name) => () => getComputedStyle(root)[name];
  const axis = {
    stroke: colour('color'),
    grid: { stroke: colour('borderTopColor'), width: 1 },
    ticks: { stroke: colour('borderTopColor'), width: 1, size: 5 },
    font: '12px system-ui, sans-serif',
  };
  const plot = new uPlot(
    {
      width: root.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      padding: [8, 12, 0, 0],
      scales: {
        x: { range: () => [latency.sinceUs / 1e6, latency.untilUs / 1e6] },
        y: { distr: 3, range: () => [y.min, y.max] },
      },
      axes: [
        {
          ...axis,
          values: (_plot, splits) => splits.map((seconds) => clock(seconds * 1e6).slice(0, 8)),
          space: 90,
          size: 34,
        },
        {
          ...axis,
          size: 62,
          splits: () => decades(y),
          filter: (_plot, splits) => splits,
          values: (_plot, splits) => splits.map(duration),
        },
      ],
      series: [{}, { show: true, points: { show: false } }],
      hooks: {
        drawClear: [(plot) => drawHeat(plot, latency, y, getComputedStyle(root).fill)],
        draw: [() => placeDots()],
      },
    },
    [
      [0, 1],
      [null, null],
    ],
    root,
  );
  dots = createDots(plot.over);
  const table = createExemplarTable(byId('exemplar-table'));
  const nothing = h('p', { class: 'nothing' }, 'Loading …');
  root.append(nothing);

  const draw = () => {
    if (root.clientWidth === 0) return; // not shown
    plot.setSize({ width: root.clientWidth, height: HEIGHT });
    plot.setData([
      [latency.sinceUs / 1e6, latency.untilUs / 1e6],
      [null, null],
    ]);
  };
  const placeDots = () =>
    dots?.show(exemplars, (exemplar) => ({
      left: plot.valToPos(exemplar.timeUs / 1e6, 'x'),
      top: plot.valToPos(exemplar.value, 'y'),
    }));
  new ResizeObserver(draw).observe(root);
  onThemeChange(draw);

  return {
    /** @param {Filters} filters */
    async load({ service, route, status, min, window }) {
      const isError = status === 'errors';
      const windowUs = Math.max(1, Math.round((Number(window) || 5) * 60_000_000));
      const filter = { service, route, status: isError ? '' : status, error: isError || undefined };
      /** @type {Latency} */
      const found = await get('/api/latency', { ...filter, windowUs });
      /** @type {StoredExemplar[]} */
      const all = await get('/api/exemplars', {
        ...filter,
        metric: METRIC,
        since: Math.max(found.sinceUs, 0),
        limit: MOST,
      });
      return () => {
        if (root.querySelector('.dot:hover') && isPointedAt(root)) return;
        exemplars = all.filter(({ value }) => value >= Number(min) / 1000);
        const times = [...found.cells.map(({ timeUs }) => timeUs), ...exemplars.map(({ timeUs }) => timeUs)];
        // A run that has just begun fills the width, not the last inch of it.
        const untilUs = Math.max(found.untilUs, ...exemplars.map(({ timeUs }) => timeUs)) || Date.now() * 1000;
        const sinceUs = Math.max(untilUs - windowUs, Math.min(...times, untilUs - 30_000_000));
        latency = { ...found, sinceUs, untilUs };
        Object.assign(y, range(latency, exemplars));
        nothing.hidden = times.length > 0;
        nothing.textContent =
          'No such request has been measured in this window. Choose a longer one, or other filters.';
        draw();
        table.show(exemplars);
        showLegend(exemplars);
      };
    },
    /** What there is to filter by, as of the last `load`. */
    choices: () => ({ routes: latency.routes, statuses: latency.statuses }),
  };
}

/** Limits of the y axis, in seconds. @param {Pick<Latency, 'cells'>} latency @param {StoredExemplar[]} exemplars */
function range({ cells }, exemplars) {
  const values = exemplars.map(({ value }) => value).filter((value) => value > 0);
  const bounds = cells.map(({ from, to }) => to ?? from * 2);
  const least = Math.min(...values, ...cells.map(({ from, to }) => from || (to ?? 1) / 5));
  const most = Math.max(...values, ...bounds);
  if (!Number.isFinite(least) || !Number.isFinite(most)) return { min: 0.001, max: 1 };
  return { min: least / 1.3, max: most * 1.15 };
}

/** Powers of ten. @param {{ min: number, max: number }} y */
function decades({ min, max }) {
  const [first, last] = [Math.ceil(Math.log10(min)), Math.floor(Math.log10(max))];
  return Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
}

/** @param {StoredExemplar[]} exemplars */
function showLegend(exemplars) {
  const services = [...new Set(exemplars.map(({ service }) => service))].sort();
  byId('legend').replaceChildren(
    ...services.map(serviceName),
    h('span', { class: 'sign error' }, 'error'),
    h('span', { class: 'sign dangling' }, 'its span is not here'),
    h('span', { class: 'sign heat' }, 'all requests, by the histogram’s buckets'),
  );
}
