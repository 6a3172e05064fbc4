import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Case } from '../../test/helm/support/cases.ts';
import { HELM } from '../../test/helm/support/charts.ts';
import { helm } from '../helm/render.ts';
import type { Cluster } from './cluster.ts';

export interface ReleaseOptions {
  name: string;
  namespace: string;
  /** Folder of the chart. */
  chart: string;
  /** What Helm is given with an install and with every upgrade. */
  flags?: string[];
  /** Whose values it is given then. */
  values?: Case;
}

/** A release by the real Helm. Each step fails when Helm or the server has something to warn of. */
export interface Release {
  namespace: string;
  install(): Promise<void>;
  /** @param set a value that is changed, as `--set-string` takes it */
  upgrade(set?: string): Promise<void>;
  rollback(revision: number): Promise<void>;
  uninstall(): Promise<void>;
}

export function createRelease(options: ReleaseOptions, { env }: Cluster): Release {
  const { name, namespace, chart, flags = [], values } = options;
  const run = async (args: string[], given?: Case): Promise<void> => {
    const { code, stderr } = await helm([...args, '-n', namespace, '--timeout', '30s'], given, env);
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stderr, /level=(WARN|ERROR)|^Warning|^W\d{4} /m);
  };
  return {
    namespace,
    install: () => run(['install', name, chart, ...flags], values),
    upgrade: (set) =>
      run(['upgrade', name, chart, ...flags, ...(set === undefined ? [] : ['--set-string', set])], values),
    rollback: (revision) => run(['rollback', name, `${revision}`]),
    uninstall: () => run(['uninstall', name]),
  };
}

/** A release of one of our charts. */
export function releaseOf(one: Case & { namespace: string }, cluster: Cluster): Release {
  const { release: name = 'clew', namespace, chart } = one;
  return createRelease({ name, namespace, chart: join(HELM, chart), values: one }, cluster);
}
