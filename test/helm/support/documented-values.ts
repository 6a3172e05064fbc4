import { parse } from 'yaml';

/** A value that a chart takes, as its values.yaml documents it. */
export interface DocumentedValue {
  /** With dots: `image.tag`. */
  path: string;
  /** The comment above it. */
  description: string;
  default: unknown;
}

/**
 * The values of a chart: every key of values.yaml with a comment above it. Whatever is below a commented key that has no
 * comment of its own belongs to that key's default.
 *
 * @throws for a key that neither has a comment nor is above or below one that has.
 */
export function documentedValues(text: string): DocumentedValue[] {
  const values: DocumentedValue[] = [];
  const defaults: unknown = parse(text);
  const bare: string[] = [];
  const above: { indent: number; key: string; documented: boolean }[] = [];
  let comment: string[] = [];
  for (const line of text.split('\n')) {
    const [, said] = /^\s*# ?(.*)$/.exec(line) ?? [];
    const [, indent = '', key] = /^( *)([\w-]+):(?: |$)/.exec(line) ?? [];
    if (said !== undefined) comment.push(said);
    if (key !== undefined) {
      while ((above.at(-1)?.indent ?? -1) >= indent.length) above.pop();
      const path = [...above.map((parent) => parent.key), key].join('.');
      if (comment.length > 0) values.push({ path, description: comment.join(' '), default: at(defaults, path) });
      else if (!above.some(({ documented }) => documented)) bare.push(path);
      above.push({ indent: indent.length, key, documented: comment.length > 0 });
    }
    if (said === undefined) comment = [];
  }
  const without = bare.filter((path) => !values.some((value) => value.path.startsWith(`${path}.`)));
  if (without.length > 0) throw new Error(`values.yaml: no comment above ${without.join(', ')}`);
  return values;
}

function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), value);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
