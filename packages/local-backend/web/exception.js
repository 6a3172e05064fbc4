import { h } from './dom.js';
import { valueText } from './format.js';

/** @typedef {{ type: string, message: string, stack: string }} Exception */

/** The exception that attributes of a log line or span event tell of. @param {Record<string, unknown>} attributes */
export function exceptionIn(attributes) {
  const text = (/** @type {string} */ name) => valueText(attributes[`exception.${name}`] ?? '');
  const exception = { type: text('type'), message: text('message'), stack: text('stacktrace') };
  return exception.type + exception.message + exception.stack === '' ? undefined : exception;
}

/** @param {Exception} exception */
export function exceptionOf({ type, message, stack }) {
  return h(
    'div',
    { class: 'exception' },
    h('p', {}, h('b', {}, h('bdi', {}, type || 'exception')), message && ': ', h('bdi', {}, message)),
    stack !== '' && h('pre', { tabindex: 0, 'aria-label': 'Stack trace' }, stack),
  );
}
