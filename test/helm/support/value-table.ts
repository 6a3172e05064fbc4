import type { DocumentedValue } from './documented-values.ts';

const HEADING = '## Values\n';

/** The README with the table of these values below its heading "Values". */
export function withValueTable(readme: string, values: DocumentedValue[]): string {
  const [before, rest] = readme.split(HEADING);
  if (rest === undefined) throw new Error('README.md: no heading "Values"');
  const after = rest.indexOf('\n## ');
  return `${before}${HEADING}\n${tableOf(values)}${after === -1 ? '' : rest.slice(after)}`;
}

/** Without the spaces that a formatter puts into tables. */
export function withoutPadding(markdown: string): string {
  return markdown.replaceAll(/ *\| */g, '|').replaceAll(/-{3,}/g, '---');
}

function tableOf(values: DocumentedValue[]): string {
  const rows = values.map(({ path, description, default: value }) => {
    const holdsOthers = values.some((other) => other.path.startsWith(`${path}.`));
    const cell = holdsOthers || value === '' || value === null ? '' : `\`${JSON.stringify(value)}\``;
    return `| ${[`\`${path}\``, cell, description].map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return ['| value | default | is |', '| --- | --- | --- |', ...rows, ''].join('\n');
}
