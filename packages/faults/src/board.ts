import type { FastifyBaseLogger } from 'fastify';
import { type ActiveRule, beginRule } from './active-rule.ts';
import { type FaultChange, faultChannel } from './channels.ts';
import type { NamedRule } from './check-rules.ts';

/** Names of faults are values of a metric's label, so there is an end to them. */
const MOST_NAMES = 100;

/** Where rules come from that hold for more than one request. */
type Source = 'env' | 'admin';

/** The rules that are active until their time is over, by source. */
export interface Board {
  /**
   * Ends the rules of a source and begins others.
   *
   * @returns false when that were more names than one process may have; then nothing has changed.
   */
  replace(source: Source, rules: NamedRule[]): boolean;
  of(source: Source): ActiveRule[];
  list(): ListedRule[];
}

/** A rule as `GET /admin/faults` lists it. */
export type ListedRule = NamedRule & { source: Source; startedAt: string; endsAt: string; hits: number };

interface Timed extends ActiveRule {
  source: Source;
  startedAt: number;
  endsAt: number;
  timer: NodeJS.Timeout;
}

/** @param options.seed For rules that have none. */
export function createBoard({ log, seed }: { log: FastifyBaseLogger; seed: number }): Board {
  const rules: Record<Source, Timed[]> = { env: [], admin: [] };
  const names = new Set<string>();

  function begin(rule: NamedRule, source: Source): Timed {
    const ttl = rule.ttlMs ?? 0;
    const startedAt = Date.now();
    const timer = setTimeout(() => end(timed), ttl).unref();
    const timed: Timed = Object.assign(beginRule(rule, { seed }), {
      source,
      startedAt,
      endsAt: startedAt + ttl,
      timer,
    });
    announce(timed, true);
    return timed;
  }

  function end(ended: Timed): void {
    clearTimeout(ended.timer);
    const { source } = ended;
    rules[source] = rules[source].filter((timed) => timed !== ended);
    ended.fault.end?.();
    announce(ended, false);
  }

  function announce({ rule: { name, kind }, source, hits }: Timed, active: boolean): void {
    const fields = { 'clew.fault.name': name, 'clew.fault.kind': kind, 'clew.fault.source': source };
    if (active) log.warn(fields, 'fault started');
    else log.info({ ...fields, 'clew.fault.hits': hits }, 'fault ended');
    faultChannel.publish({ name, kind, source, active } satisfies FaultChange);
  }

  return {
    replace(source, wanted) {
      const all = new Set([...names, ...wanted.map(({ name }) => name)]);
      if (all.size > MOST_NAMES) return false;
      for (const { name } of wanted) names.add(name);
      for (const timed of rules[source]) end(timed);
      rules[source] = wanted.map((rule) => begin(rule, source));
      return true;
    },
    // A timer may be late, most of all when the fault is a blocked event loop.
    of: (source) => rules[source].filter(({ endsAt }) => endsAt > Date.now()),
    list: () =>
      [...rules.admin, ...rules.env].map(({ rule, source, hits, startedAt, endsAt }) => ({
        ...rule,
        source,
        startedAt: new Date(startedAt).toISOString(),
        endsAt: new Date(endsAt).toISOString(),
        hits,
      })),
  };
}
