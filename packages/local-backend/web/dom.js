/** @typedef {Node | string | number | null | undefined | false} Child */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Makes an element. Children that are not nodes become text, never markup: what they say was sent by someone else.
 *
 * @param {string} tag
 * @param {Record<string, string | number | boolean | null | undefined | ((event: any) => void)>} [attributes] `onclick`
 *   and the like take functions; true is an attribute without a value; false, null and undefined are left out.
 * @param {...(Child | Child[])} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for SVG. @type {typeof h} */
export function svg(tag, attributes = {}, ...children) {
  // The caller asks for an SVG element by its tag; nobody needs it as one.
  return fill(/** @type {any} */ (document.createElementNS(SVG, tag)), attributes, children);
}

/**
 * The element of index.html with this id.
 *
 * @param {string} id
 * @returns {any} what its tag is, which index.html knows and the type checker does not
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`index.html has no #${id}`);
  return element;
}

/** @param {HTMLElement} element @param {Parameters<typeof h>[1]} attributes @param {(Child | Child[])[]} children */
function fill(element, attributes = {}, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  for (const child of children.flat()) {
    if (child instanceof Node) element.append(child);
    else if (child !== false && child !== null && child !== undefined) element.append(String(child));
  }
  return element;
}
