import { h } from './dom.js';
import { valueText } from './format.js';

/**
 * Names and values as a table; null when there are none.
 *
 * @param {Record<string, unknown>} attributes
 * @param {(name: string) => boolean} [isShown]
 */
export function attributeTable(attributes, isShown = () => true) {
  const shown = Object.entries(attributes).filter(([name]) => isShown(name));
  if (shown.length === 0) return null;
  shown.sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = shown.map(([name, value]) => {
    const text = valueText(value);
    // So long a value scrolls in its cell, which the keyboard has to reach.
    const isLong = text.length > 500;
    return h(
      'tr',
      {},
      h('th', { scope: 'row' }, h('div', { class: 'value' }, h('bdi', {}, name))),
      h('td', {}, h('div', isLong ? { class: 'value', tabindex: 0 } : { class: 'value' }, h('bdi', {}, text))),
    );
  });
  return h('table', { class: 'attributes' }, h('tbody', {}, rows));
}
