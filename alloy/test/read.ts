import { readFileSync } from 'node:fs';

/** A component or a block inside of one: `type "label" { ... }`. */
export interface Block {
  /** With its dots: `loki.process`. */
  type: string;
  label: string | undefined;
  attributes: Record<string, Expression>;
  blocks: Block[];
  file: string;
}

/** What stands right of an `=`: literals as they are, names and calls as what they name. */
export type Expression =
  | string
  | number
  | boolean
  | null
  | Expression[]
  | { object: Record<string, Expression> }
  | { name: string }
  | { call: string; args: Expression[] };

const TOKEN = /\s+|\/\/[^\n]*|("(?:\\.|[^"\\])*"|`[^`]*`|\d+(?:\.\d+)?|[A-Za-z_]\w*|[{}[\](),.=])/y;

/**
 * Reads a file of Alloy's configuration language, as far as this project uses it: no operators.
 *
 * @returns The blocks at its top.
 * @throws when it holds something else, with the place.
 */
export function readAlloy(file: string): Block[] {
  const text = readFileSync(file, 'utf8');
  const tokens: { text: string; at: number }[] = [];
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < text.length; ) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null)
      throw new Error(`${place(at)}: ${JSON.stringify(text.slice(at, at + 10))} is not understood here`);
    if (match[1] !== undefined) tokens.push({ text: match[1], at });
  }
  let next = 0;

  function place(at: number): string {
    return `${file}:${text.slice(0, at).split('\n').length}`;
  }
  function peek(): string {
    return tokens[next]?.text ?? '';
  }
  function take(...wanted: string[]): string {
    const token = tokens[next++];
    if (token !== undefined && (wanted.length === 0 || wanted.includes(token.text))) return token.text;
    throw new Error(`${place(token?.at ?? text.length)}: ${wanted.join(' or ')} expected, not ${token?.text}`);
  }
  function dotted(): string {
    let name = take();
    while (peek() === '.') name += take('.') + take();
    return name;
  }
  function body(end: string): Pick<Block, 'attributes' | 'blocks'> {
    const attributes: Block['attributes'] = {};
    const blocks: Block[] = [];
    while (peek() !== end) {
      const name = dotted();
      if (peek() === '=') {
        take('=');
        attributes[name] = expression();
        continue;
      }
      const label = peek() === '{' ? undefined : unquote(take());
      take('{');
      blocks.push({ type: name, label, ...body('}'), file });
      take('}');
    }
    return { attributes, blocks };
  }
  function list<T>(end: string, item: () => T): T[] {
    const items: T[] = [];
    while (peek() !== end) {
      items.push(item());
      if (peek() !== end) take(',');
    }
    take(end);
    return items;
  }
  function expression(): Expression {
    const token = peek();
    if (/^["`]/.test(token)) return unquote(take());
    if (/^\d/.test(token)) return Number(take());
    if (token === '[') {
      take('[');
      return list(']', expression);
    }
    if (token === '{') {
      take('{');
      const entries = list('}', () => {
        const key = peek().startsWith('"') ? unquote(take()) : take();
        take('=');
        return [key, expression()] as const;
      });
      return { object: Object.fromEntries(entries) };
    }
    const name = dotted();
    if (peek() === '(') {
      take('(');
      return { call: name, args: list(')', expression) };
    }
    const literals: Record<string, boolean | null> = { true: true, false: false, null: null };
    return name in literals ? (literals[name] ?? null) : { name };
  }

  return body('').blocks;
}

function unquote(token: string): string {
  return token.startsWith('`') ? token.slice(1, -1) : JSON.parse(token);
}
