import { h } from './dom.js';

/**
 * An HTTP status; an error is told by a word and a sign too, not by colour alone.
 *
 * @param {number | string | null | undefined} status
 * @param {boolean} isError
 */
export function statusBadge(status, isError) {
  if (!isError) return h('span', { class: 'badge' }, status ?? '');
  return h('span', { class: 'badge error' }, `✕ ${status ?? 'error'}`);
}
