/**
 * Arrow keys go from one to the next of a container's `selector`, Home and End to the first and last.
 *
 * @param {HTMLElement} container
 * @param {string} selector
 */
export function arrowKeys(container, selector) {
  container.addEventListener('keydown', (event) => {
    const all = /** @type {HTMLElement[]} */ ([...container.querySelectorAll(selector)]);
    const at = all.indexOf(/** @type {HTMLElement} */ (event.target));
    if (at === -1 || event.altKey || event.ctrlKey || event.metaKey) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined || all[to] === undefined) return;
    event.preventDefault();
    all[to].focus();
  });
}
