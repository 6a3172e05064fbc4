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
  const response = await fetch(given.length > 0 ? `${path}?${search}` : path).catch((error) => {
    throw new BackendGone(error.message);
  });
  if (response.status === 404) return null;
  const answer = await response.json().catch((error) => {
    throw new BackendGone(error.message);
  });
  if (!response.ok) throw new Error(answer.error ?? `${path} answered ${response.status}`);
  return answer;
}
