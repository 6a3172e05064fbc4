// What a log line may carry, the same for stdout and OTLP: errors become `exception.*`, secrets are cut out.
import { format } from 'node:util';

type Fields = Record<string, unknown>;

const SECRET_NAME =
  /^(?:(?:proxy-)?authorization|(?:set-)?cookie|pwd|.*(?:passw(?:or)?d|secret|token|(?:api|access|private)[-_]?key|credential)s?)$/i;
const MAY_HOLD_SECRET =
  /passw|pwd|secret|token|key|authorization|credential|cookie|bearer|basic |:\/\/[^/\s]*@|reply was already sent/i;
const NAMED = '(?:passw(?:or)?d|pwd|secret[\\w-]*|token|(?:api|access|private)[-_]?key|credential)s?';
const SECRET_VALUES: [RegExp, string][] = [
  // What Fastify says about a second reply quotes the URL of the request.
  [/(Reply was already sent, did you forget to "return reply" in (?:the )?"[^?\s]*\?)\S*(?=" \()/g, '$1[redacted]'],
  // Headers: everything up to the end of the line, or of the string that they stand in.
  [/\b((?:proxy-)?authorization|(?:set-)?cookie)(\\?["']?\s*[=:]\s*\\?["']?)[^\r\n"'}]+/gi, '$1$2[redacted]'],
  [/\b(bearer|basic)\s+[^\s"',;]+/gi, '$1 [redacted]'],
  [/(:\/\/)[^/\s]+@/g, '$1[redacted]@'],
  // NAME=value, NAME: "a value with spaces", and both inside of a JSON string, where quotes have a backslash.
  [new RegExp(`(${NAMED}\\\\?["']?\\s*[=:]\\s*)(\\\\?["']).*?\\2`, 'gi'), '$1$2[redacted]$2'],
  [new RegExp(`(${NAMED}\\s*[=:]\\s*)[^\\s"'&,;}\\\\]+`, 'gi'), '$1[redacted]'],
];
const MAX_DEPTH = 4;

/** The fields and the message of a log call, from its arguments `([object or error], [message], ...values)`. */
export function logLine(args: unknown[]): [fields: Fields, message: string] {
  const [first] = args;
  const hasFields = typeof first === 'object' && first !== null;
  const fields = hasFields ? logFields(first instanceof Error ? { err: first } : first) : {};
  const [message = fields['exception.message'] ?? '', ...values] = hasFields ? args.slice(1) : args;
  const text = typeof message === 'string' && values.length === 0 ? message : format(message, ...values);
  return [fields, redact(text)];
}

/** The fields of a log line: errors flattened to `exception.*`, values of secret names and patterns redacted. */
export function logFields(object: object, depth = 0): Fields {
  const fields: Fields = {};
  for (const name of Object.keys(object)) {
    const value = (object as Fields)[name];
    if (value === undefined) continue;
    if (value instanceof Error) Object.assign(fields, exceptionFields(value));
    else fields[name] = isSecret(name) ? '[redacted]' : clean(value, depth);
  }
  return fields;
}

/** Cuts secrets out of free text: credentials in URLs, `Bearer ...`, `password=...` and the like. */
export function redact(text: string): string {
  if (!MAY_HOLD_SECRET.test(text)) return text;
  return SECRET_VALUES.reduce((cleaned, [pattern, replacement]) => cleaned.replace(pattern, replacement), text);
}

// Names repeat from line to line: a look-up is ten times cheaper than the regular expression. Bounded, in case somebody
// logs names that come from outside.
const knownNames = new Map<string, boolean>();
function isSecret(name: string): boolean {
  const known = knownNames.get(name);
  if (known !== undefined) return known;
  const secret = SECRET_NAME.test(name);
  if (knownNames.size < 1000) knownNames.set(name, secret);
  return secret;
}

function clean(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? String(value) : value;
  if (depth >= MAX_DEPTH) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => clean(item, depth + 1));
  if (value instanceof Error) return exceptionFields(value);
  const isPlain = Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null;
  return isPlain ? logFields(value, depth + 1) : cleanInstance(value, depth);
}

/** What is more than its own properties: a date, a URL, a map, bytes. */
function cleanInstance(value: object, depth: number): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? String(value) : value.toISOString();
  if (value instanceof Map) return logFields(Object.fromEntries(value), depth + 1);
  if (value instanceof Set) return clean([...value], depth);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof URL || value instanceof RegExp) return redact(String(value));
  return logFields(value, depth + 1);
}

// https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-logs/
function exceptionFields(error: Error): Fields {
  return {
    'exception.type': error.name,
    'exception.message': redact(error.message),
    'exception.stacktrace': redact(stackOf(error)),
  };
}

function stackOf(error: Error, depth = 0): string {
  const stack = error.stack ?? `${error.name}: ${error.message}`;
  if (!(error.cause instanceof Error) || depth >= MAX_DEPTH) return stack;
  return `${stack}\nCaused by: ${stackOf(error.cause, depth + 1)}`;
}
