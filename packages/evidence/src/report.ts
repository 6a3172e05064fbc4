import { styleText } from 'node:util';
import type { CheckResult } from './run-checks.ts';

const EXAMPLES = 3;
const HEADER = ['check', 'checked', 'held', 'rate', 'uncheckable', 'verdict'];
const colours = { holds: 'green', 'falls-short': 'red', 'nothing-to-check': 'yellow' } as const;

/**
 * A table for a terminal: a line per check, and under one that falls short its examples (at most 3), cause and fix.
 *
 * @param options.colour colours the verdicts with ANSI codes; off by default.
 */
export function formatReport(results: CheckResult[], { colour = false }: { colour?: boolean } = {}): string {
  const table = [HEADER, ...results.map(cells)];
  const widths = HEADER.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0)));
  const [header, ...lines] = table.map((line) => align(line, widths));
  const body = results.flatMap((result, i) => {
    const line = lines[i] ?? '';
    const verdict = verdictOf(result);
    const coloured = `${line.slice(0, -verdict.length)}${paint(result.status, verdict, colour)}`;
    return [coloured, ...explanation(result)];
  });
  return `${[header, ...body].join('\n')}\n`;
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

function explanation({ status, examples, cause, fix }: CheckResult): string[] {
  if (status !== 'falls-short') return [];
  return [
    ...examples.slice(0, EXAMPLES).map((example) => `    example: ${fields(example)}`),
    `    cause: ${cause}`,
    `    fix: ${fix}`,
  ];
}

function fields(example: object): string {
  return Object.entries(example)
    .map(([name, value]) => `${name}=${printable(value)}`)
    .join(' ');
}

/** What telemetry says must not move the cursor of whoever reads the report. */
function printable(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (Array.isArray(value)) return value.map(printable).join(',');
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /^[\x21-\x7e]+$/.test(text)
    ? text
    : JSON.stringify(text).replace(/[\x7f-\x9f]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
}
