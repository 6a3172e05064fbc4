/**
 * Whether someone points at this with a mouse, about to click: what moves away then is hit in the wrong place.
 *
 * @param {Element} element
 */
export function isPointedAt(element) {
  return matchMedia('(hover: hover)').matches && element.matches(':hover');
}
