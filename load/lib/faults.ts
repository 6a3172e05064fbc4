import exec from 'k6/execution';
import http from 'k6/http';
import type { Run } from './play.ts';
import type { Settings, Target } from './settings.ts';

/** A rule of the fault engine (docs/faults.md) without its `ttlMs`, which is the length of the fault. */
export interface Rule {
  name: string;
  kind: string;
  match?: { route?: string; method?: string; userId?: string; share?: number };
  [parameter: string]: unknown;
}

/** What goes wrong in a scenario. */
export interface Fault {
  /** Ends the run when the fault cannot be started later. */
  require(run: Run): void;
  start(run: Run): void;
  /** Also when the run ends early. */
  end(run: Run): void;
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
  return {
    require(run) {
      if (run.settings.adminToken === undefined) {
        exec.test.abort(
          'this scenario starts faults: set FAULTS_ADMIN_TOKEN to the token that the services were started with',
        );
      }
      for (const target of some(run)) call(target, run.settings, 'GET');
    },
    start(run) {
      const { settings, timeline } = run;
      const list = typeof rules === 'function' ? rules(run) : rules;
      const faults = list.map((rule) => ({ ...rule, seed: settings.seed, ttlMs: Math.round(timeline.fault * 1000) }));
      for (const target of some(run)) call(target, settings, 'PUT', { faults });
    },
    end(run) {
      for (const target of some(run)) call(target, run.settings, 'DELETE');
    },
  };
}

/** How many requests each active rule has met so far, by its name. */
export function hitsOf(target: Target, settings: Settings): Map<string, number> {
  const { faults } = JSON.parse(call(target, settings, 'GET')) as { faults: { name: string; hits: number }[] };
  return new Map(faults.map(({ name, hits }) => [name, hits]));
}

function call(
  { name, url }: Target,
  { adminToken }: Settings,
  method: 'GET' | 'PUT' | 'DELETE',
  body?: object,
): string {
  const response = http.request(method, `${url}/admin/faults`, body === undefined ? null : JSON.stringify(body), {
    headers: {
      authorization: `Bearer ${adminToken}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    responseType: 'text',
    tags: { name: `${method} /admin/faults`, to: 'admin' },
    timeout: '10s',
  });
  const text = String(response.body ?? '');
  if (response.status >= 200 && response.status < 300) return text;
  exec.test.abort(`${name} at ${url}: ${explain(response.status, response.error, text)}`);
  return text;
}

function explain(status: number, error: string, body: string): string {
  if (status === 401) return 'it has another FAULTS_ADMIN_TOKEN than this run';
  if (status === 404) return 'it takes no faults: start it with FAULTS_ADMIN_TOKEN';
  if (status === 0) return `no answer (${error})`;
  return `it refused the faults with ${status}: ${body}`;
}
