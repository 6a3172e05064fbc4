import type { Problem } from '@clew/service';
import { readCompact } from './compact.ts';
import { errorsIn, type FieldError } from './fields.ts';
import { kinds } from './kinds/all.ts';
import { kindOf, parametersOf, type Rule, schemaOf } from './rule.ts';

const MOST_RULES = 20;

export type NamedRule = Rule & { name: string };

/** Rules that can be used; or everything that keeps them from it, and no rules. */
export interface CheckedRules {
  rules: NamedRule[];
  /** `0/ttlMs` is a field of the first rule, `` the list as a whole. */
  errors: FieldError[];
}

interface CheckOptions {
  /** Whether every rule has to say when it ends. */
  needsTtl: boolean;
  /** The routes that can meet faults, as templates; without them a rule may name any. */
  routes?: ReadonlySet<string>;
}

/** @param text Compact, or a JSON array. */
export function parseRules(text: string, options: CheckOptions): CheckedRules {
  if (!text.trimStart().startsWith('[')) return checkRules(readCompact(text), options);
  try {
    return checkRules(JSON.parse(text), options);
  } catch (error) {
    return refused('', `is no valid JSON: ${String(error)}`);
  }
}

/** @param input Anything: it comes from outside. */
export function checkRules(input: unknown, options: CheckOptions): CheckedRules {
  if (!Array.isArray(input)) return refused('', 'must be a list of rules');
  if (input.length > MOST_RULES) return refused('', `must have at most ${MOST_RULES} rules`);
  const errors = input.flatMap((rule: unknown, index) =>
    checkRule(rule, options).map(({ field, detail }) => ({ field: `${index}/${field}`, detail })),
  );
  if (errors.length > 0) return { rules: [], errors };
  return withNames(input as Rule[]); // every one of them has just been checked
}

/** The errors as those of a problem. @param field What holds the rules. */
export function inputErrors(where: 'body' | 'headers', field: string, errors: FieldError[]): Problem['errors'] {
  return errors.map((error) => ({
    in: where,
    field: error.field === '' ? field : `${field}/${error.field}`,
    detail: error.detail,
  }));
}

function checkRule(rule: unknown, { needsTtl, routes }: CheckOptions): FieldError[] {
  const kind = kindOf(Object(rule).kind);
  if (kind === undefined) {
    return [{ field: 'kind', detail: `must be one of ${kinds.map(({ name }) => name).join(', ')}` }];
  }
  const errors = errorsIn(rule, schemaOf(kind, needsTtl));
  if (errors.length > 0) return errors;
  const checked = rule as Rule; // by its schema, just now
  const wrong = kind.check?.(parametersOf(checked, kind));
  const { route } = checked.match ?? {};
  const noRoute = route !== undefined && routes !== undefined && !routes.has(route);
  return [
    ...(wrong === undefined ? [] : [wrong]),
    ...(noRoute ? [{ field: 'match/route', detail: `must be one of ${[...routes].join(', ')}` }] : []),
  ];
}

/** A rule without a name is called after its kind. Names tell the faults of a source apart, so no two are the same. */
function withNames(rules: Rule[]): CheckedRules {
  const names = new Set<string>();
  for (const [index, { name }] of rules.entries()) {
    if (name === undefined) continue;
    if (names.has(name)) return refused(`${index}/name`, 'must not be that of another rule');
    names.add(name);
  }
  const named = rules.map((rule) => {
    const name = rule.name ?? freeName(rule.kind, names);
    names.add(name);
    return { ...rule, name };
  });
  return { rules: named, errors: [] };
}

function freeName(kind: string, taken: Set<string>): string {
  let name = kind;
  for (let n = 2; taken.has(name); n += 1) name = `${kind}-${n}`;
  return name;
}

function refused(field: string, detail: string): CheckedRules {
  return { rules: [], errors: [{ field, detail }] };
}
