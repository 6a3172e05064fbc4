/** The backend did not answer, or not with JSON. */
export class BackendGone extends Error {}

/**
 * @param {string} path
 * @param {Record<string, string | number | boolean | undefined>} [query] what is undefined or '' is left out
 * @returns {Promise<any>} null when there is no such thing
 */
export async function get(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  const response = await ask(given.length > 0 ? `${path}?${search}` : path);
  return response.status === 404 ? null : read(path, response);
}

/**
 * @param {'PUT' | 'DELETE'} method
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<any>}
 */
export async function send(method, path, body) {
  const json = body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return read(path, await ask(path, { method, ...json }));
}

/** @param {string} url @param {RequestInit} [init] */
function ask(url, init) {
  return fetch(url, init).catch((error) => {
    throw new BackendGone(error.message);
  });
}

/** @param {string} path @param {Response} response */
async function read(path, response) {
  const answer = await response.json().catch((error) => {
    throw new BackendGone(error.message);
  });
  if (!response.ok) throw new Error(answer.error ?? `${path} answered ${response.status}`);
  return answer;
}
