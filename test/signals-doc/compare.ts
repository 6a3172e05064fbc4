import assert from 'node:assert/strict';
import { codesIn, type Row } from '../markdown.ts';

/** A name as docs/signals.md has it. */
export interface Name {
  name: string;
  /** What the test does not bring about, or only on Linux. */
  mark: 'conditional' | 'Linux' | undefined;
}

const TYPES: Record<string, string> = { string: 'string', int: 'number', double: 'number', boolean: 'boolean' };

/** The names in a cell, each with the mark behind it. */
export function namesIn(cell = ''): Name[] {
  return [...cell.matchAll(/`([^`]+)`(?: _\((conditional|Linux)\)_)?/g)].map(([, name, mark]) => ({
    name: String(name),
    mark: mark as Name['mark'], // the expression knows no other
  }));
}

/** The name of a row, which is the first in `column` (its first one by default); the mark is in its last cell. */
export function nameOf(row: Row, column = Object.keys(row)[0]): Name {
  const [, mark] = /_\((conditional|Linux)\)_/.exec(String(Object.values(row).at(-1))) ?? [];
  return { name: String(codesIn(String(row[String(column)]))[0]), mark: mark as Name['mark'] };
}

export function namesOf(rows: Row[]): Name[] {
  return rows.map((row) => nameOf(row));
}

/** Everything that is emitted is documented, and the other way round but for what is marked. */
export function assertSame(documented: Name[], emitted: string[], what = 'documented and emitted'): void {
  const isThere = ({ mark }: Name) => mark === undefined || (mark === 'Linux' && process.platform === 'linux');
  const expected = new Set(documented.filter(isThere).map(({ name }) => name));
  const undocumented = [...new Set(emitted)].filter((name) => !documented.some((known) => known.name === name));
  const notEmitted = [...expected].filter((name) => !emitted.includes(name));
  assert.deepEqual({ undocumented, notEmitted }, { undocumented: [], notEmitted: [] }, what);
}

/** Rows and attributes are the same, and the values have the types that the rows say. */
export function assertAttributes(rows: Row[], items: { attributes: object }[]): void {
  const attributes = items.map((item) => item.attributes);
  assertSame(namesOf(rows), attributes.flatMap(Object.keys));
  assertTypes(rows, attributes);
}

/** Where a row's field has values, they are of every type that it names, and of no other. */
export function assertTypes(rows: Row[], items: object[]): void {
  for (const row of rows) {
    const { name } = nameOf(row);
    const values = items.map((item) => (item as Record<string, unknown>)[name]).filter((value) => value !== undefined);
    if (values.length === 0) continue;
    const documented = String(row.type).split(', ');
    const types = new Set(values.map((value) => typeof value));
    assert.deepEqual(types, new Set(documented.map((word) => TYPES[word])), name);
  }
}
