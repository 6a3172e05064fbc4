/** As Kubernetes and its custom resource definitions write it. */
export interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  required?: string[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-group-version-kind'?: { group: string; kind: string; version: string }[];
  [key: string]: unknown;
}

/** An object's schema in which an unknown field is an error, and nothing is left to look up. */
export function strict(
  schema: JsonSchema,
  definitions: Record<string, JsonSchema> = {},
  above: string[] = [],
): JsonSchema {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace('#/definitions/', '');
    const target = definitions[name];
    if (target === undefined) throw new Error(`${name}: no such definition`);
    // Only schemas of schemas contain themselves; there is none in a chart.
    return above.includes(name) ? {} : strict(target, definitions, [...above, name]);
  }
  const inner = (one: JsonSchema) => strict(one, definitions, above);
  if (schema['x-kubernetes-int-or-string'] || schema.format === 'int-or-string') return { type: ['integer', 'string'] };
  const { properties, additionalProperties, items, description: _, format: __, ...rest } = schema;
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true || properties === undefined;
  return {
    ...rest,
    ...(properties && { properties: mapValues(properties, inner) }),
    ...(!open && { additionalProperties: false }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: inner(additionalProperties) }),
    ...(items && { items: inner(items) }),
  };
}

interface CustomResourceDefinition {
  spec: {
    group: string;
    names: { kind: string };
    versions: { name: string; schema: { openAPIV3Schema: JsonSchema } }[];
  };
}

/** File and schema of each version of a custom resource, with the metadata that Kubernetes says objects have. */
export function kindsOfCustomResource(
  { spec }: CustomResourceDefinition,
  definitions: Record<string, JsonSchema>,
): [file: string, schema: JsonSchema][] {
  const [group] = spec.group.split('.');
  const metadata = strict({ $ref: '#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' }, definitions);
  return spec.versions.map(({ name, schema: { openAPIV3Schema } }) => {
    const schema = strict(openAPIV3Schema);
    const file = `${spec.names.kind}-${group}-${name}.json`.toLowerCase();
    return [file, { ...schema, properties: { ...schema.properties, metadata } }];
  });
}

/** File and schema of every kind that Kubernetes itself has. */
export function kindsOf(definitions: Record<string, JsonSchema>): [file: string, schema: JsonSchema][] {
  return Object.entries(definitions).flatMap(([name, definition]) => {
    const [kind, ...more] = definition['x-kubernetes-group-version-kind'] ?? [];
    // Deletion options and the like belong to all groups.
    if (kind === undefined || more.length > 0 || kind.kind.endsWith('List')) return [];
    const [group = ''] = kind.group.split('.');
    const file = [kind.kind, ...(group === '' ? [] : [group]), kind.version].join('-').toLowerCase();
    const schema = strict(definition, definitions, [name]);
    const fixed = {
      apiVersion: { const: [kind.group, kind.version].filter(Boolean).join('/') },
      kind: { const: kind.kind },
    };
    return [[`${file}.json`, { ...schema, properties: { ...schema.properties, ...fixed } }]];
  });
}

function mapValues<From, To>(from: Record<string, From>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(from).map(([key, value]) => [key, change(value)]));
}
