import { get } from './api.js';
import { h } from './dom.js';

/** As many as style.css has colours for. */
const COLOURS = 6;
/** @type {string[]} */
const known = [];

/**
 * Services that have sent anything, by name, so that each has the same colour every time. Asks once, unless `again`.
 *
 * @param {{ again?: boolean }} [options]
 * @returns {Promise<string[]>}
 */
export async function loadServices({ again = false } = {}) {
  if (known.length > 0 && !again) return known;
  /** @type {{ name: string }[]} */
  const services = await get('/api/services');
  for (const { name } of services) if (!known.includes(name)) known.push(name);
  return known;
}

/** The class that gives a service its colour. @param {string} name */
export function colourOf(name) {
  if (!known.includes(name)) known.push(name);
  return `service-${(known.indexOf(name) % COLOURS) + 1}`;
}

/** A service's name behind a spot of its colour. @param {string} name */
export function serviceName(name) {
  return h('span', { class: `service ${colourOf(name)}` }, h('bdi', {}, name || '(no service.name)'));
}
