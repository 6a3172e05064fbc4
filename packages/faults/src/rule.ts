import { type Static, type TObject, type TSchema, Type } from 'typebox';
import type { FieldSchema } from './fields.ts';
import { kinds } from './kinds/all.ts';
import type { Kind } from './kinds/kind.ts';

const HOUR_MS = 3_600_000;

/** Which requests meet the fault: those for which all of this holds; without any of it, all. */
const match = Type.Object({
  route: Type.Optional(Type.String()),
  method: Type.Optional(Type.Enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])),
  header: Type.Optional(Type.Record(Type.String(), Type.String())),
  userId: Type.Optional(Type.String()),
  share: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
});

const ttlMs = Type.Integer({ minimum: 1, maximum: HOUR_MS });

/** What a rule has whatever its kind. */
const common = {
  name: Type.Optional(Type.String({ pattern: '^[\\w.-]{1,64}$', description: '1 to 64 letters, digits, _, . and -' })),
  kind: Type.String(),
  match: Type.Optional(match),
  ttlMs: Type.Optional(ttlMs),
  seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 })),
};

/** A fault and the requests that meet it, as it is asked for. Beside these it has the parameters of its kind. */
export type Rule = Static<TObject<typeof common>>;
export type Match = Static<typeof match>;

export const matchFields = Object.keys(match.properties);

export function kindOf(name: unknown): Kind | undefined {
  return kinds.find((kind) => kind.name === name);
}

/** The schema of a rule of this kind. A rule of one request needs no `ttlMs`: it ends with the request. */
export function schemaOf(kind: Kind, needsTtl: boolean): FieldSchema {
  const lifetime = needsTtl ? { ttlMs } : {};
  const schema: TSchema = Type.Object({ ...common, ...lifetime, ...kind.parameters });
  return schema as FieldSchema; // which says why
}

/** What a rule has beyond what every rule has. */
export function parametersOf(rule: object, { parameters }: Kind): object {
  return Object.fromEntries(Object.entries(rule).filter(([name]) => name in parameters));
}
