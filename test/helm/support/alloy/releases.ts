import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parse, stringify } from 'yaml';
import { filesOf } from '../../../../alloy/roles.ts';
import { HELM } from '../charts.ts';
import { mergeValues, type Values } from './values.ts';

/** deploy/helm/alloy */
export const FOLDER = join(HELM, 'alloy');

/** One Alloy on Kubernetes. */
export interface AlloyRelease {
  /** A role of alloy/roles.json. */
  role: string;
  /** Of the release, as the README has it, and of the object for the operator. */
  name: string;
  /** In deploy/helm/alloy, in this order. */
  valuesFiles: string[];
}

/** Every role that is for Kubernetes. */
export const releases: AlloyRelease[] = [
  release('kubernetes', { name: 'alloy' }),
  release('metrics'),
  release('logs'),
  release('traces'),
  release('traces-by-tempo', { name: 'alloy-traces', values: 'traces' }),
  release('traces-front'),
  release('alerts'),
  release('alerts-by-tenant'),
  release('events'),
];

function release(role: string, { name = `alloy-${role}`, values = role } = {}): AlloyRelease {
  return { role, name, valuesFiles: ['values.yaml', `values-${values}.yaml`] };
}

const UPDATE = 'node clew.mjs e2e/helm/alloy-update.ts';

/** The configuration of a role in one file, as it is kept in deploy/helm/alloy/config. */
export function configurationOf(role: string): string {
  const files = filesOf(role).map((file) => `// ${relative(join(HELM, '../..'), file)}\n${readFileSync(file, 'utf8')}`);
  return [`// The role \`${role}\`. Written from alloy/ by: ${UPDATE}\n`, ...files].join('\n');
}

/** What the chart is given, without the configuration. */
export function valuesOf({ valuesFiles }: AlloyRelease): Values {
  const files = valuesFiles.map((file) => readFileSync(join(FOLDER, file), 'utf8'));
  return files.map((text): Values => parse(text, { merge: true })).reduce(mergeValues);
}

/** The same as an object for the Alloy operator, as it is kept in deploy/helm/alloy/operator. */
export function resourceOf(one: AlloyRelease): string {
  const configMap = { create: false, name: one.name, key: 'config.alloy' };
  const resource = {
    apiVersion: 'collectors.grafana.com/v1alpha1',
    kind: 'Alloy',
    metadata: { name: one.name },
    spec: mergeValues(valuesOf(one), { alloy: { configMap } }),
  };
  const written = `# Written from ${one.valuesFiles.join(' and ')} by: ${UPDATE}\n`;
  return `${written}# Its configuration is a ConfigMap of the same name.\n${stringify(resource, { aliasDuplicateObjects: false })}`;
}
