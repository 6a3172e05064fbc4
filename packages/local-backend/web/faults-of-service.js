import { h } from './dom.js';
import { compactRule } from './fault-rule.js';
import { clock, counted } from './format.js';
import { keep } from './keep.js';
import { serviceName } from './service-name.js';

/**
 * As `/api/faults/services` has it. The faults are what a service says: they may be anything.
 *
 * @typedef {{ service: string, faults: any[], problem?: string }} ServiceState
 */

const SOURCES = new Map([
  ['admin', 'switched on'],
  ['env', 'by FAULTS'],
]);

/**
 * What is active at one service, and a button that ends what was switched on.
 *
 * @param {string} name
 * @param {HTMLElement} next gets the focus when the button goes away with it
 * @param {() => void} end
 */
export function createFaultsOfService(name, next, end) {
  const off = h(
    'button',
    { type: 'button', hidden: true, 'aria-label': `Switch off the faults of ${name}`, onclick: end },
    'Switch off',
  );
  const problem = h('p', { class: 'bad' });
  const none = h('p', { class: 'nothing', hidden: true }, 'no fault active');
  const list = h('ul');
  return {
    element: h(
      'section',
      { 'aria-label': `Faults of ${name}` },
      h('div', { class: 'head' }, h('h3', {}, serviceName(name)), off),
      problem,
      none,
      list,
    ),
    /** @param {ServiceState} state */
    show(state) {
      problem.textContent = state.problem ?? '';
      problem.hidden = state.problem === undefined;
      // It may be a fault that keeps it from answering: what was active still is, and can be switched off.
      if (state.problem !== undefined) return;
      none.hidden = state.faults.length > 0;
      const hadFocus = document.activeElement === off;
      off.hidden = !state.faults.some((fault) => Object(fault).source === 'admin');
      if (hadFocus && off.hidden) next.focus();
      const numbered = state.faults.map((fault, i) => ({ fault, i }));
      keep(
        list,
        numbered,
        ({ i }) => String(i),
        ({ fault }) => line(fault),
      );
    },
  };
}

/** @param {any} fault */
function line(fault) {
  const { name, source, endsAt, hits } = Object(fault);
  const end = Date.parse(endsAt);
  return h(
    'li',
    {},
    h('b', {}, h('bdi', {}, name)),
    ' ',
    h('code', {}, h('bdi', {}, compactRule(fault))),
    h(
      'p',
      { class: 'quiet' },
      h('bdi', {}, SOURCES.get(source) ?? source),
      Number.isNaN(end) ? '' : ` until ${clock(end * 1000).slice(0, 8)}`,
      Number.isInteger(hits) && `, ${counted(hits, 'request')} so far`,
    ),
  );
}
