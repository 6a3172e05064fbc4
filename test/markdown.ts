/** One row of a table: its cells by the heading of their column, as they stand in the source. */
export type Row = Record<string, string>;

/** All tables, each with its rows. */
export function tablesIn(markdown: string): Row[][] {
  const tables = withoutBlocks(markdown).match(/(?:^\|.*\n?)+/gm) ?? [];
  return tables.map((table) => {
    const [head = [], , ...body] = table.trimEnd().split('\n').map(cellsOf);
    return body.map((cells) => Object.fromEntries(head.map((name, column) => [name, cells[column] ?? ''])));
  });
}

/**
 * The first table under a heading of any level, before the next heading.
 *
 * @throws when there is no such heading, or no table under it
 */
export function tableUnder(markdown: string, heading: string): Row[] {
  const sections = withoutBlocks(markdown).split(/^(?=#+ )/m);
  const section = sections.find((text) => /^#+ (.*)$/m.exec(text)?.[1] === heading);
  const [table = []] = tablesIn(section ?? '');
  if (table.length === 0) throw new Error(`no table under "${heading}"`);
  return table;
}

/** What stands in backticks. */
export function codesIn(text = ''): string[] {
  return [...withoutBlocks(text).matchAll(/`([^`\n]+)`/g)].map(([, code]) => String(code));
}

/** The lines of all fenced blocks. */
export function blockLinesIn(markdown: string): string[] {
  return [...markdown.matchAll(BLOCK)].flatMap(([block]) => block.split('\n').slice(1, -1));
}

/** Targets of the links. */
export function linksIn(markdown: string): string[] {
  return [...withoutBlocks(markdown).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => String(target));
}

/** The anchors that a forge gives the headings: lower case, `-` for a space, no punctuation. */
export function anchorsIn(markdown: string): string[] {
  return headingsIn(markdown).map((heading) =>
    heading
      .replace(/^#+ /, '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** The headings with their `#`. */
export function headingsIn(markdown: string): string[] {
  return withoutBlocks(markdown).match(/^#+ .*$/gm) ?? [];
}

const BLOCK = /^```[\s\S]*?^```$/gm;

function withoutBlocks(markdown: string): string {
  return markdown.replaceAll(BLOCK, '');
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}
