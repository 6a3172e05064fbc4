/** The part of a JSON schema that rules use. TypeBox schemas are JSON schemas; only their static types do not say so. */
export interface FieldSchema {
  type?: string;
  /** What the field takes, in words, where the rest does not say it. */
  description?: string;
  enum?: string[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  properties?: Record<string, FieldSchema>;
  required?: string[];
}

/** Something that is wrong with a field. */
export interface FieldError {
  /** As in `match/share`. */
  field: string;
  /** What would be right. */
  detail: string;
}

/**
 * Everything in a value that its schema does not allow, each with what would be right. Written out, because a general
 * validator costs every start 9 MB and a tenth of a second, also without faults.
 *
 * @param where The path of the value, empty for the whole.
 */
export function errorsIn(value: unknown, schema: FieldSchema, where = ''): FieldError[] {
  const { properties, required = [] } = schema;
  if (properties === undefined || !isObject(value)) {
    return takes(schema, value) ? [] : [{ field: where, detail: `must be ${expected(schema)}` }];
  }
  const below = (name: string) => (where === '' ? name : `${where}/${name}`);
  const given = Object.entries(value).flatMap(([name, inner]) => {
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (known !== undefined) return errorsIn(inner, known, below(name));
    return [{ field: below(name), detail: `is not known: there are ${Object.keys(properties).join(', ')}` }];
  });
  const missing = required.filter((name) => !Object.hasOwn(value, name));
  return [
    ...given,
    ...missing.map((name) => ({ field: below(name), detail: `is missing: ${expected(properties[name] ?? {})}` })),
  ];
}

function takes(schema: FieldSchema, value: unknown): boolean {
  const { type, enum: values, minimum = -Infinity, maximum = Infinity } = schema;
  if (values) return values.some((known) => known === value);
  if (typeof value === 'number') {
    const isOfType = type === 'number' || (type === 'integer' && Number.isInteger(value));
    return isOfType && value >= minimum && value <= maximum;
  }
  if (typeof value === 'string') {
    const { pattern = '', minLength = 0, maxLength = Infinity } = schema;
    return type === 'string' && RegExp(pattern).test(value) && value.length >= minLength && value.length <= maxLength;
  }
  // Without properties that are known it is an object of texts.
  return type === 'object' && !schema.properties && isObject(value) && Object.values(value).every(isText);
}

/** What a field takes, in words. */
function expected({ type, description, enum: values, minimum, maximum, maxLength, properties }: FieldSchema): string {
  if (description) return description;
  if (values) return `one of ${values.join(', ')}`;
  if (type === 'integer') return `a whole number from ${minimum} to ${maximum}`;
  if (type === 'number') return `a number from ${minimum} to ${maximum}`;
  if (properties) return `an object with any of ${Object.keys(properties).join(', ')}`;
  if (type === 'object') return 'an object of texts';
  return maxLength === undefined ? 'text' : `text of 1 to ${maxLength} characters`;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}
