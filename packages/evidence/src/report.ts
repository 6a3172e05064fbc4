import { styleText } from 'node:util';
import { printable } from './printable.ts';
import type { CheckResult } from './run-checks.ts';

const EXAMPLES = 3;
const WIDTH = 100;
const INDENT = 11;
/** Of one value in an example: a log body may be a page. */
const VALUE = 160;
const HEADER = ['check', 'checked', 'held', 'rate', 'uncheckable', 'verdict'];
const colours = { holds: 'green', 'falls-short': 'red', 'nothing-to-check': 'yellow' } as const;

/**
 * A table for a terminal of 100 columns, a line per check; below it, what is uncheckable and why, and for each check that
 * falls short some examples (at most 3), cause and fix.
 *
 * @param options.colour colours the verdicts with ANSI codes; off by default.
 */
export function formatReport(results: CheckResult[], { colour = false }: { colour?: boolean } = {}): string {
  const table = [HEADER, ...results.map(cells)];
  const widths = HEADER.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0)));
  const [header, ...lines] = table.map((line) => align(line, widths));
  const body = results.map((result, i) => {
    const line = lines[i] ?? '';
    const verdict = verdictOf(result);
    return `${line.slice(0, -verdict.length)}${paint(result.status, verdict, colour)}`;
  });
  const paragraphs = [[header, ...body], results.flatMap(uncheckable), ...results.map(explanation)];
  return `${paragraphs
    .filter((paragraph) => paragraph.length > 0)
    .map((paragraph) => paragraph.join('\n'))
    .join('\n\n')}\n`;
}

function cells(result: CheckResult): string[] {
  const { name, checked, held, rate, uncheckable } = result;
  return [name, `${checked}`, `${held}`, checked === 0 ? '-' : percent(rate), `${uncheckable}`, verdictOf(result)];
}

/** Names to the left, numbers to the right; the verdict comes last and needs no padding. */
function align(line: string[], widths: number[]): string {
  const last = line.length - 1;
  return line
    .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : i === last ? cell : cell.padStart(widths[i] ?? 0)))
    .join('  ');
}

function verdictOf({ status, minimum }: CheckResult): string {
  if (status === 'holds') return 'holds';
  return status === 'falls-short' ? `falls short of ${percent(minimum)}` : 'nothing to check';
}

/** Rounds down: 99.999 % is not 100 %. */
function percent(rate: number): string {
  return `${(Math.floor(rate * 10_000) / 100).toFixed(2)} %`;
}

function paint(status: CheckResult['status'], text: string, colour: boolean): string {
  return colour ? styleText(colours[status], text, { validateStream: false }) : text;
}

function uncheckable({ name, reasons }: CheckResult): string[] {
  const counted = Object.entries(reasons).map(([reason, count]) => `${printable(reason)} (${count})`);
  return counted.length === 0 ? [] : wrap(`uncheckable in ${name}: `, counted.join(', '));
}

function explanation({ name, title, status, examples, cause, fix }: CheckResult): string[] {
  if (status !== 'falls-short') return [];
  return [
    ...wrap(`${name}: `, title),
    ...examples.slice(0, EXAMPLES).flatMap((example) => wrap('  example: ', fields(example))),
    ...wrap('  cause: ', cause),
    ...wrap('  fix: ', fix),
  ];
}

/** Breaks between words; a word that is too long, such as an id, stays whole. */
function wrap(label: string, text: string): string[] {
  const lines: string[] = [];
  let line = label;
  for (const word of text.split(' ')) {
    if (line.length + word.length > WIDTH && line !== label) {
      lines.push(line.trimEnd());
      line = ' '.repeat(Math.min(label.length, INDENT));
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}

function fields(example: object): string {
  return Object.entries(example)
    .map(([name, value]) => `${name}=${shown(value)}`)
    .join(' ');
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (Array.isArray(value)) return value.map(shown).join(',');
  const isText = typeof value === 'string';
  const whole = isText ? value : JSON.stringify(value);
  const text = whole.length > VALUE ? `${whole.slice(0, VALUE)}...` : whole;
  return printable(isText && !/^[\x21-\x7e]+$/.test(text) ? JSON.stringify(text) : text);
}
