import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Values } from '../../test/helm/support/alloy/values.ts';
import { isObject } from '../../test/helm/support/documented-values.ts';
import { MIMIR } from './backends.ts';
import { folderOf } from './schemas.ts';

/** A part of Mimir's own description of its configuration. */
interface Entry {
  kind: 'block' | 'field' | 'map' | 'slice';
  name: string;
  fieldType?: string;
  blockEntries?: Entry[];
}

const TYPES: Record<string, string> = { boolean: 'boolean', int: 'number', float: 'number', string: 'string' };

/** What of a configuration Mimir does not know, or would not read. */
export function mimirProblems(config: Values): string[] {
  const file = join(folderOf(MIMIR), 'cmd/mimir/config-descriptor.json');
  return problemsIn(config, JSON.parse(readFileSync(file, 'utf8')), '');
}

function problemsIn(config: Values, { blockEntries = [] }: Entry, path: string): string[] {
  return Object.entries(config).flatMap(([name, value]) => {
    const entry = blockEntries.find((one) => one.name === name);
    if (entry === undefined) return [`${path}${name}: no such setting`];
    if (entry.kind === 'block' && isObject(value)) return problemsIn(value, entry, `${path}${name}.`);
    const type = TYPES[entry.fieldType ?? ''];
    const fits = entry.kind === 'field' && (type === undefined || typeof value === type);
    return fits ? [] : [`${path}${name}: ${JSON.stringify(value)} is no ${entry.fieldType ?? entry.kind}`];
  });
}
