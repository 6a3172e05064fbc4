import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { Case } from '../../test/helm/support/cases.ts';
import { HELM } from '../../test/helm/support/charts.ts';
import { type KubeObject, readObjects } from '../../test/helm/support/objects.ts';
import { findProgram } from '../support/programs.ts';

/** What Helm said. */
export interface Answer {
  code: number;
  stdout: string;
  stderr: string;
}

export const NAMESPACE = 'shop';

/** Renders a case for a version of Kubernetes. */
export function render(one: Case, kubernetes: string): Promise<Answer> {
  const { release = 'clew', namespace = NAMESPACE } = one;
  return helm(['template', release, join(HELM, one.chart), '-n', namespace, '--kube-version', kubernetes], one);
}

/** The objects that Helm has rendered. @throws with what it said instead */
export async function objectsIn(answer: Promise<Answer>): Promise<KubeObject[]> {
  const { code, stdout, stderr } = await answer;
  if (code !== 0) throw new Error(stderr);
  return readObjects(stdout);
}

/** What is kept of a case: without what `helm test` makes, the same scripts each time, but in one of them. */
export function renderExample(one: Case, kubernetes: string): Promise<Answer> {
  const { release = 'clew', namespace = NAMESPACE, name } = one;
  const args = ['template', release, join(HELM, one.chart), '-n', namespace, '--kube-version', kubernetes];
  return helm(name === 'everything' ? args : [...args, '--skip-tests'], one);
}

/** What Helm says after an install of a case. */
export async function notes(one: Case): Promise<string> {
  const { release = 'clew', namespace = NAMESPACE } = one;
  const args = ['install', release, join(HELM, one.chart), '-n', namespace, '--dry-run=client'];
  const { code, stdout, stderr } = await helm(args, one);
  if (code !== 0) throw new Error(stderr);
  return stdout.split('\nNOTES:\n')[1] ?? '';
}

/** Lints a chart with the values of a case. */
export function lint(one: Case, kubernetes: string): Promise<Answer> {
  return helm(['lint', '--strict', join(HELM, one.chart), '--kube-version', kubernetes], one);
}

/**
 * Runs Helm.
 *
 * @param one whose values it is given
 * @param env besides that of this process
 */
export function helm(args: string[], one?: Case, env = {}): Promise<Answer> {
  const given = one === undefined ? [] : [...(one.files ?? []).map((file) => join(HELM, one.chart, file)), '-'];
  return new Promise((resolve) => {
    const child = execFile(
      findProgram('helm') ?? 'helm',
      [...args, ...given.flatMap((file) => ['-f', file])],
      { maxBuffer: 2 ** 24, env: { ...process.env, ...env } },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    );
    child.stdin?.end(JSON.stringify(one?.values ?? {}));
  });
}
