import { envSchema } from 'env-schema';
import type { TSchema } from 'typebox';
import { formats } from './config-formats.ts';
import { type Config, configSchema } from './config-schema.ts';

type Environment = Record<string, string | undefined>;

/** By setting: what keeps a value from working, which no schema can say. undefined: nothing. */
type Checks = Partial<Record<keyof Config, (value: string) => string | undefined>>;

/** Settings that cannot work; `message` lists every one of them, a line each. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/**
 * Reads the settings of a service from the environment. Where one cannot work, all of them are listed on stderr and
 * the process ends with exit code 1, before anything else has started.
 *
 * @param defaults What this service has otherwise than `configSchema` says.
 * @param checks For settings whose values another package understands.
 * @param env Variables as text; an empty one counts as unset.
 */
export function readConfig(
  defaults: Partial<Config> = {},
  checks: Checks = {},
  env: Environment = process.env,
): Readonly<Config> {
  try {
    return parseConfig(defaults, env, checks);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

/**
 * `readConfig` without the process.
 *
 * @throws {ConfigError} with every setting that cannot work: name, value, and what would.
 */
export function parseConfig(defaults: Partial<Config>, env: Environment, checks: Checks = {}): Readonly<Config> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const data: Record<string, unknown> = { ...defaults, ...given };
  const problems = Object.entries(checks).flatMap(([name, check]) => {
    const wrong = name in data ? check(String(data[name])) : undefined;
    return wrong === undefined ? [] : [`  ${name}: ${wrong}. ${keywords(name).description}`];
  });
  try {
    const config = envSchema<Config>({ schema: configSchema, data, env: false, ajv: { customOptions } });
    if (problems.length === 0) return Object.freeze(config);
  } catch (error) {
    const names = invalidNames(error);
    if (names === undefined) throw error;
    problems.unshift(...names.map((name) => explain(name, String(data[name]))));
  }
  throw new ConfigError(`These settings cannot work:\n${problems.join('\n')}`);
}

/**
 * The settings as rows of a table.
 *
 * @param defaults As given to `readConfig`.
 */
export function describeConfig(
  defaults: Partial<Config> = {},
): { name: string; takes: string; default: string; description: string }[] {
  return Object.keys(configSchema.properties).map((name) => {
    const { default: byDefault = '', description } = keywords(name);
    return { name, takes: expected(name), default: String(defaults[name as keyof Config] ?? byDefault), description };
  });
}

function customOptions<Ajv extends { addFormat(name: string, format: (value: string) => boolean): unknown }>(ajv: Ajv) {
  for (const [name, { validate }] of Object.entries(formats)) ajv.addFormat(name, validate);
  return ajv;
}

/** env-schema passes on what Ajv found, with `/NAME` as the path. */
function invalidNames(error: unknown): string[] | undefined {
  const { errors } = error as { errors?: { instancePath: string }[] };
  return errors && [...new Set(errors.map(({ instancePath }) => instancePath.slice(1)))];
}

function explain(name: string, value: string): string {
  return `  ${name}${shown(name, value)}: expected ${expected(name)}. ${keywords(name).description}`;
}

/** Of a URL only scheme and host name: anything else in it may be a secret, and so may all of what is no URL. */
function shown(name: string, value: string): string {
  if (keywords(name).format !== 'http-url') return `=${JSON.stringify(value.replace(/\/\/.*@/, '//***@'))}`;
  const url = URL.parse(value);
  return url && ['http:', 'https:'].includes(url.protocol) ? `="${url.protocol}//${url.hostname}..."` : '';
}

function expected(name: string): string {
  const { type, minimum, maximum, enum: values, format = '' } = keywords(name);
  if (formats[format]) return formats[format].expected;
  if (values) return `one of ${values.join(', ')}`;
  if (type === 'boolean') return 'true or false';
  if (type === 'integer') return `a whole number from ${minimum} to ${maximum}`;
  if (type === 'number') return `a number from ${minimum} to ${maximum}`;
  return 'text';
}

function keywords(name: string) {
  const schema: TSchema = configSchema.properties[name as keyof Config];
  // A TypeBox schema is a JSON schema; only its static type does not say which keywords it has.
  return schema as TSchema & {
    description: string;
    type?: string;
    minimum?: number;
    maximum?: number;
    enum?: string[];
    format?: string;
    default?: unknown;
  };
}
