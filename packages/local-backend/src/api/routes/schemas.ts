// Parts of the JSON schemas of several routes.

/** A query string of these parameters and no others. */
export function query(properties: Record<string, object>): object {
  return { type: 'object', properties, additionalProperties: false };
}

export const text = { type: 'string', minLength: 1 };
export const limit = { type: 'integer', minimum: 1, maximum: 10_000 };
/** Microseconds since the epoch. */
export const time = { type: 'integer', minimum: 0 };
/** HTTP status code. */
export const status = { type: 'integer' };
/** Only what has an error. */
export const error = { type: 'boolean' };
/** A parameter that may be given several times. */
export const texts = { type: 'array', items: text };
export const signal = { enum: ['traces', 'metrics', 'logs'] };
