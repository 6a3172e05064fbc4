import { isObject } from '../documented-values.ts';

export type Values = Record<string, unknown>;

/** Values over others, as Helm does it: objects are merged, everything else is replaced. */
export function mergeValues(below: Values, above: Values): Values {
  const merged = Object.entries(above).map(([key, value]): [string, unknown] => {
    const other = below[key];
    return [key, isObject(value) && isObject(other) ? mergeValues(other, value) : value];
  });
  return { ...below, ...Object.fromEntries(merged) };
}

/**
 * What is wrong with values for a chart without a schema, which takes any: those that it does not know, and those that
 * change nothing. What is below an empty object in its defaults is free.
 *
 * @param below what holds without them, where that is more than the defaults
 */
export function valueProblems(values: Values, defaults: Values, below = defaults, path = ''): string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const at = `${path}${key}`;
    if (!Object.hasOwn(defaults, key)) return [`${at}: the chart has no such value`];
    if (JSON.stringify(value) === JSON.stringify(below[key])) return [`${at}: is so without it`];
    const [known, other] = [defaults[key], below[key]];
    const free = !isObject(known) || Object.keys(known).length === 0;
    if (!isObject(value) || free) return [];
    return valueProblems(value, known, isObject(other) ? other : {}, `${at}.`);
  });
}
