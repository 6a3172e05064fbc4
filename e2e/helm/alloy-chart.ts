import { join } from 'node:path';
import { type AlloyRelease, FOLDER } from '../../test/helm/support/alloy/releases.ts';
import { type Answer, helm } from './render.ts';
import { customResources, NEWEST } from './schema-sources.ts';
import { folderOf } from './schemas.ts';

/** The namespace of the README's commands. */
export const MONITORING = 'monitoring';

let folder: string | undefined;

/** The folder of the official chart: it is in the module of Alloy, as published when that version was. */
export function chart(): string {
  const alloy = customResources.find(({ module }) => module === 'github.com/grafana/alloy');
  if (alloy === undefined) throw new Error('schema-sources.ts: no github.com/grafana/alloy, which has the chart');
  folder ??= join(folderOf(alloy), 'operations/helm/charts/alloy');
  return folder;
}

/** Renders a release as the README installs it. */
export function renderAlloy(
  one: AlloyRelease,
  kubernetes: string,
  { name = one.name, namespace = MONITORING } = {},
): Promise<Answer> {
  const files = one.valuesFiles.flatMap((file) => ['-f', join(FOLDER, file)]);
  const config = `alloy.configMap.content=${join(FOLDER, 'config', `${one.role}.alloy`)}`;
  const args = ['template', name, chart(), '-n', namespace, '--kube-version', kubernetes];
  return helm([...args, ...files, '--set-file', config]);
}

/** Renders what the operator makes of an object of this name: it has the chart inside. */
export function renderByOperator(name: string, spec: object): Promise<Answer> {
  const args = ['template', name, chart(), '-n', MONITORING, '--kube-version', NEWEST];
  return helm(args, { name, chart: 'alloy', values: spec });
}
