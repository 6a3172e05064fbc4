import { globSync } from 'node:fs';
import { join, relative } from 'node:path';
import { evaluateText } from './evaluate.ts';
import { type Block, type Expression, readAlloy } from './read.ts';

export const ALLOY = join(import.meta.dirname, '..');

/** Every *.alloy file, relative to alloy/. */
export const configFiles = globSync('{,local/,kubernetes/}*.alloy', { cwd: ALLOY }).sort();

/** The blocks of a file, or of all. */
export function blocksOf(...files: string[]): Block[] {
  return (files.length > 0 ? files : configFiles).flatMap((file) => readAlloy(join(ALLOY, file)));
}

/** The only component of a type, in these files. */
export function component(type: string, ...files: string[]): Block {
  const [found, another] = blocksOf(...files).filter((block) => block.type === type);
  if (found === undefined || another !== undefined) throw new Error(`${files}: not one ${type}`);
  return found;
}

/** A block and all that are in it. */
export function withInner(block: Block): Block[] {
  return [block, ...block.blocks.flatMap(withInner)];
}

/** Every expression of a block and of what is in it, with those inside of expressions. */
export function expressionsOf(block: Block): Expression[] {
  return withInner(block).flatMap(({ attributes }) => Object.values(attributes).flatMap(nested));
}

function nested(expression: Expression): Expression[] {
  if (typeof expression !== 'object' || expression === null) return [expression];
  if (Array.isArray(expression)) return [expression, ...expression.flatMap(nested)];
  if ('object' in expression) return [expression, ...Object.values(expression.object).flatMap(nested)];
  return [expression, ...('args' in expression ? expression.args.flatMap(nested) : [])];
}

/** The environment variables that are read, with the default of each reading. */
export function environmentOf(block: Block): { name: string; default: string | undefined }[] {
  const all = expressionsOf(block);
  const defaults = new Map<Expression, string>();
  for (const expression of all) {
    if (typeof expression !== 'object' || expression === null || !('call' in expression)) continue;
    const [first, otherwise] = expression.args;
    if (expression.call === 'coalesce' && first !== undefined && typeof otherwise === 'string') {
      defaults.set(first, otherwise);
    }
  }
  return all.flatMap((expression) => {
    if (typeof expression !== 'object' || expression === null || !('call' in expression)) return [];
    if (expression.call !== 'sys.env') return [];
    return [{ name: evaluateText(expression.args[0]), default: defaults.get(expression) }];
  });
}

/** What a block refers to, as `prometheus.relabel.metrics`. */
export function referencesOf(block: Block): string[] {
  return expressionsOf(block).flatMap((expression) => {
    if (typeof expression !== 'object' || expression === null || !('name' in expression)) return [];
    if (expression.name.startsWith('constants.')) return [];
    return [expression.name.split('.').slice(0, -1).join('.')];
  });
}

export const pathOf = ({ type, label }: Block): string => `${type}.${label}`;

export const fileOf = ({ file }: Block): string => relative(ALLOY, file);
