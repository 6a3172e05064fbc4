/** What each element that `keep` made shows, to tell whether it has to be made again. @type {WeakMap<Element, string>} */
const shown = new WeakMap();

/**
 * Makes `parent` have one child for each item, in order. What has not changed stays the same element, so that focus,
 * scroll position and what is folded open survive an update; what has the focus stays as it is until it loses it.
 *
 * @template Item
 * @param {HTMLElement} parent
 * @param {Item[]} items
 * @param {(item: Item) => string} keyOf no two items have the same
 * @param {(item: Item) => HTMLElement} make
 */
export function keep(parent, items, keyOf, make) {
  const focused = document.activeElement;
  const wanted = new Set(items.map(keyOf));
  /** @type {Map<string | undefined, HTMLElement>} */
  const there = new Map();
  for (const child of /** @type {NodeListOf<HTMLElement>} */ (parent.querySelectorAll(':scope > *'))) {
    if (wanted.has(child.dataset.key ?? '')) there.set(child.dataset.key, child);
    else if (!child.contains(focused)) child.remove();
  }

  /** @type {Element | null} */
  let next = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    const state = JSON.stringify(item);
    const old = there.get(key);
    const stays = old !== undefined && (shown.get(old) === state || old.contains(focused));
    const child = stays ? old : make(item);
    child.dataset.key = key;
    if (!stays) shown.set(child, state);
    if (!stays && old !== undefined) {
      if (next === old) next = child;
      old.replaceWith(child);
    }
    if (child === next) next = next.nextElementSibling;
    else parent.insertBefore(child, next);
  }
  // Moving an element takes the focus from it.
  if (focused instanceof HTMLElement && focused !== document.activeElement && parent.contains(focused)) {
    focused.focus({ preventScroll: true });
  }
}
