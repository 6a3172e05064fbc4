import { h } from './dom.js';

/** The head of a table. @param {string[]} names @param {string[]} numbers those above numbers, which stand to the right */
export function tableHead(names, numbers) {
  const cells = names.map((name) => h('th', { scope: 'col', class: numbers.includes(name) && 'number' }, name));
  return h('thead', {}, h('tr', {}, cells));
}
