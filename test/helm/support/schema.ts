import { isObject } from './documented-values.ts';

type Schema = Record<string, unknown>;

/** A value that values.schema.json knows. */
export interface SchemaValue {
  path: string;
  /** What the schema says of it; a description set here is set in the document. */
  schema: Schema;
}

/**
 * Every value that a schema lists, also those that hold others; what a `$ref` leads to is listed where it is mentioned
 * first and `global` is a chart's own part of a thing it shares, so other keys in it are for other charts.
 *
 * @throws for an object that lists its keys and lets others pass.
 */
export function schemaValues(document: Schema): SchemaValue[] {
  const seen = new Set<unknown>();
  const walk = (schema: Schema, path: string): SchemaValue[] => {
    const target = typeof schema.$ref === 'string' ? definition(document, schema.$ref) : schema;
    const { properties } = target;
    if (!isObject(properties) || seen.has(target)) return [];
    seen.add(target);
    if (target.additionalProperties === undefined && path !== 'global')
      throw new Error(`values.schema.json: ${path || 'the whole'} lets unknown keys pass`);
    return Object.entries(properties).flatMap(([key, value]) => {
      if (!isObject(value)) throw new Error(`values.schema.json: ${path}.${key} is no schema`);
      const at = path === '' ? key : `${path}.${key}`;
      return [{ path: at, schema: value }, ...walk(value, at)];
    });
  };
  return walk(document, '');
}

function definition(document: Schema, reference: string): Schema {
  const name = reference.replace('#/definitions/', '');
  const found = isObject(document.definitions) ? document.definitions[name] : undefined;
  if (!isObject(found)) throw new Error(`values.schema.json: ${reference} leads nowhere`);
  return found;
}
