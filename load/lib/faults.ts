import { endRun } from './end-run.ts';
import { callFaultApi, requireTaken } from './fault-api.ts';
import type { Run } from './play.ts';
import type { Settings, Target } from './settings.ts';

/** A rule of the fault engine (docs/faults.md) without its `ttlMs`, which is the length of the fault. */
export interface Rule {
  name: string;
  kind: string;
  match?: { route?: string; method?: string; header?: Record<string, string>; userId?: string; share?: number };
  [parameter: string]: unknown;
}

/** What goes wrong in a scenario. */
export interface Fault {
  /** Ends the run when the fault cannot be started later. */
  require(run: Run): void;
  start(run: Run): void;
  /** Also when the run ends early. */
  end(run: Run): void;
  /** Also happens with `FAULT=off`, and then does no harm. */
  harmless?: true;
}

/**
 * Rules for some of the targets: the first, the last (which is the first one's peer), or every one. They end by
 * themselves, even if k6 is killed.
 *
 * @param rules or what makes them from the run
 */
export function onServices(which: 'first' | 'last' | 'every', rules: Rule[] | ((run: Run) => Rule[])): Fault {
  const some = ({ first, last, settings }: Run): Target[] =>
    which === 'every' ? settings.targets : [which === 'first' ? first : last];
  const listed = (run: Run): object[] => {
    const { settings, timeline } = run;
    const list = typeof rules === 'function' ? rules(run) : rules;
    return list.map((rule) => ({ ...rule, seed: settings.seed, ttlMs: Math.round(timeline.fault * 1000) }));
  };
  return {
    require(run) {
      if (run.settings.adminToken === undefined) {
        endRun('this scenario starts faults: set FAULTS_ADMIN_TOKEN to the token that the services were started with');
      }
      for (const target of some(run)) requireTaken(target, run.settings, listed(run));
    },
    start(run) {
      for (const target of some(run)) callFaultApi(target, run.settings, 'PUT', listed(run));
    },
    end(run) {
      for (const target of some(run)) callFaultApi(target, run.settings, 'DELETE');
    },
  };
}

/** How many requests each active rule has met so far, by its name. */
export function hitsOf(target: Target, settings: Settings): Map<string, number> {
  const { faults } = JSON.parse(callFaultApi(target, settings, 'GET')) as { faults: { name: string; hits: number }[] };
  return new Map(faults.map(({ name, hits }) => [name, hits]));
}
