import { draw } from '@clew/service';
import type { NamedRule } from './check-rules.ts';
import type { Fault, MetRequest } from './kinds/kind.ts';
import { fits, type Subject } from './match.ts';
import { kindOf, parametersOf } from './rule.ts';

/** A rule that requests can meet. */
export interface ActiveRule {
  rule: NamedRule;
  /** Requests that met it. */
  hits: number;
  /** @returns The request's draws, when the rule matches it and it has its share. */
  take(subject: Subject): MetRequest['draws'] | undefined;
  fault: Fault;
}

/**
 * Begins a rule.
 *
 * @param seed For a rule that has none.
 * @param count Numbers the requests on a route, from 0.
 */
export function beginRule(
  rule: NamedRule,
  { seed, count = counter() }: { seed: number; count?: (route: string) => number },
): ActiveRule {
  const kind = kindOf(rule.kind);
  if (kind === undefined) throw new TypeError(`there is no fault of the kind ${rule.kind}`);
  const { share = 1, ...match } = rule.match ?? {};
  return {
    rule,
    hits: 0,
    fault: kind.begin(parametersOf(rule, kind)),
    take(subject) {
      if (!fits(match, subject)) return undefined;
      const route = `${subject.method} ${subject.route}`;
      const draws = { seed: rule.seed ?? seed, stream: `${rule.name} ${route}`, n: count(route) };
      return draw(draws.seed, `${draws.stream} share`, draws.n) < share ? draws : undefined;
    },
  };
}

/** There are as many counts as routes and methods. */
export function counter(): (route: string) => number {
  const counts = new Map<string, number>();
  return (route) => {
    const n = counts.get(route) ?? 0;
    counts.set(route, n + 1);
    return n;
  };
}
