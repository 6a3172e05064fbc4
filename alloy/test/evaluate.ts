import type { Expression } from './read.ts';

export type Value = string | number | boolean | null | Value[] | { [key: string]: Value } | { name: string };

/**
 * What Alloy makes of an expression. References to components stay names.
 *
 * @param env the environment of Alloy: what is not in it is empty
 * @throws on functions that this project does not use
 */
export function evaluate(expression: Expression, env: Record<string, string> = {}): Value {
  if (Array.isArray(expression)) return expression.map((item) => evaluate(item, env));
  if (typeof expression !== 'object' || expression === null) return expression;
  if ('object' in expression) {
    return Object.fromEntries(Object.entries(expression.object).map(([key, value]) => [key, evaluate(value, env)]));
  }
  // Any name does for the host.
  if ('name' in expression) return expression.name === 'constants.hostname' ? 'alloy-0' : expression;
  const call = functions[expression.call];
  if (call === undefined) throw new Error(`${expression.call}: what it returns is not known here, add it here`);
  return call(
    expression.args.map((arg) => evaluate(arg, env)),
    env,
  );
}

/**
 * The same, where it has to be one word, number or switch: as text.
 *
 * @throws when it is a list, an object or a component
 */
export function evaluateText(expression: Expression | undefined, env: Record<string, string> = {}): string {
  return text(expression === undefined ? '' : evaluate(expression, env));
}

function text(value: Value | undefined): string {
  if (typeof value === 'object') throw new Error(`${JSON.stringify(value)} is no text`);
  return String(value);
}

// https://grafana.com/docs/alloy/latest/reference/stdlib/
const functions: Record<string, (args: Value[], env: Record<string, string>) => Value> = {
  'sys.env': ([name], env) => env[text(name)] ?? '',
  coalesce: (args) => args.find((arg) => arg !== '' && arg !== null) ?? args.at(-1) ?? null,
  'string.format': ([format, ...args]) => text(format).replace(/%s/g, () => text(args.shift())),
  'string.split': ([whole, by]) => text(whole).split(text(by)),
  'encoding.from_json': ([json]) => JSON.parse(text(json)) as Value,
};
