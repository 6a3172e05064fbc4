import { h } from './dom.js';
import { bytes, count, counted } from './format.js';

/** @import { Summary } from '@clew/evidence' */
/** @typedef {{ checked: number, held: number }} Linked */
/** @typedef {Summary & { linked: { exemplars: Linked, logs: Linked } }} Counts */

const SIGNALS = /** @type {const} */ (['spans', 'logs', 'points', 'exemplars']);

/** How much has arrived, how much of it leads anywhere, what is missing. @param {HTMLElement} root */
export function createCounts(root) {
  /** @type {{ at: number, received: Summary['received'] } | undefined} */
  let before;
  const tile = (/** @type {string} */ name, /** @type {string} */ title) => {
    const value = h('dd');
    root.append(h('div', { class: 'tile', title }, h('dt', {}, name), value));
    return value;
  };
  const lastMinute = 'of the last minute, but for the newest 15 seconds, whose other half may still be on its way';
  const exemplars = tile('Exemplars', `Exemplars ${lastMinute}`);
  const logs = tile('Log lines', `Log lines with a trace id, ${lastMinute}`);
  const rate = tile('Received per second', 'Since the last update');
  const held = tile('In the store', 'Whole traces are evicted, oldest first, when it is full');
  const gaps = tile('Missing', 'What did not fit or could not be stored');

  return {
    /** @param {Counts} summary */
    show(summary) {
      const { received } = summary;
      exemplars.replaceChildren(...linked(summary.linked.exemplars));
      logs.replaceChildren(...linked(summary.linked.logs));
      const at = performance.now();
      const seconds = before === undefined ? 0 : (at - before.at) / 1000;
      const perSecond = (/** @type {typeof SIGNALS[number]} */ signal) =>
        Math.round((received[signal] - (before?.received[signal] ?? 0)) / seconds);
      rate.replaceChildren(
        ...SIGNALS.map((signal) =>
          h('span', {}, h('b', {}, seconds > 0 ? count(perSecond(signal)) : '–'), ` ${signal}`),
        ),
      );
      before = { at, received };
      held.replaceChildren(
        h('span', {}, h('b', {}, count(summary.held.traces)), ' traces'),
        h('span', {}, h('b', {}, bytes(summary.bytes))),
      );
      showGaps(gaps, summary.gaps);
    },
  };
}

/** @param {Linked} linked */
function linked({ checked, held }) {
  if (checked === 0) return [h('span', { class: 'quiet' }, 'none in the last minute')];
  const dangling = checked - held;
  return [
    h('span', { class: dangling === 0 ? 'good' : '' }, h('b', {}, count(held)), ' linked'),
    h('span', { class: dangling > 0 ? 'bad' : 'quiet' }, h('b', {}, count(dangling)), ' dangling'),
  ];
}

/** @param {HTMLElement} root @param {Summary['gaps']} gaps */
function showGaps(root, gaps) {
  const open = root.querySelector('details')?.open;
  const of = (/** @type {string} */ kind) =>
    gaps.filter((gap) => gap.kind === kind).reduce((sum, gap) => sum + gap.count, 0);
  if (gaps.length === 0) {
    root.replaceChildren(h('span', { class: 'good' }, 'nothing'));
    return;
  }
  if (root.contains(document.activeElement)) return;
  const rejected = of('rejected');
  root.replaceChildren(
    h(
      'details',
      { open },
      h(
        'summary',
        {},
        h('span', {}, h('b', {}, count(of('evicted'))), ' evicted'),
        h('span', { class: rejected > 0 ? 'bad' : '' }, h('b', {}, count(rejected)), ' rejected'),
      ),
      h(
        'ul',
        {},
        gaps.map((gap) =>
          h('li', {}, `${counted(gap.count, 'record')} of ${gap.signal} ${gap.kind}: `, h('bdi', {}, gap.reason)),
        ),
      ),
    ),
  );
}
