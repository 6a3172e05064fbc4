import { kindOf, matchFields, schemaOf } from './rule.ts';

/**
 * Reads `kind;param=value;param=value, kind;...`, the short form of rules for a header or a variable. Fields of `match`
 * stand flat (`route`, `method`, `userId`, `share`, `header.NAME`); what would divide the text is percent-encoded.
 *
 * @returns What the JSON form would be, not checked: an unknown or missing field is `checkRules`'s to tell.
 */
export function readCompact(text: string): object[] {
  return text.split(',').map(readRule);
}

function readRule(text: string): object {
  const [kind = '', ...rest] = text.split(';').map((part) => part.trim());
  const fields = rest.filter((part) => part !== '').map(readField);
  const header = fields.filter(([name]) => name.startsWith('header.')).map(([name, value]) => [name.slice(7), value]);
  const match = [
    ...fields.filter(([name]) => matchFields.includes(name)).map(([name, value]) => [name, typed(kind, name, value)]),
    ...(header.length > 0 ? [['header', Object.fromEntries(header)]] : []),
  ];
  const own = fields.filter(([name]) => !matchFields.includes(name) && !name.startsWith('header.'));
  return {
    kind,
    ...Object.fromEntries(own.map(([name, value]) => [name, typed(kind, name, value)])),
    ...(match.length > 0 ? { match: Object.fromEntries(match) } : {}),
  };
}

function readField(part: string): [name: string, value: string] {
  const [name = '', ...value] = part.split('=');
  return [name.trim(), decode(value.join('=').trim())];
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value; // a lone %: meant as it stands
  }
}

/** Numbers where the schema has numbers, so that the user id 7 stays the text that it is. */
function typed(kindName: string, name: string, value: string): string | number {
  const kind = kindOf(kindName);
  if (kind === undefined || !/^-?\d+(\.\d+)?$/.test(value)) return value;
  const { properties } = schemaOf(kind, false);
  const { type } = { ...properties?.match?.properties, ...properties }[name] ?? {};
  return type === 'integer' || type === 'number' ? Number(value) : value;
}
