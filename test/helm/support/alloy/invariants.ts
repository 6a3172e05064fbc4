import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf } from '../../../../alloy/roles.ts';
import { evaluateText } from '../../../../alloy/test/evaluate.ts';
import { type Block, readAlloy } from '../../../../alloy/test/read.ts';
import type { Invariant } from '../invariants/invariant.ts';
import type { Container, KubeObject } from '../objects.ts';
import { type AccessRule, accessProblems } from './access.ts';
import { type AlloyRelease, FOLDER } from './releases.ts';

/** As much of what the chart renders as is looked at. */
interface Workload extends KubeObject {
  spec: KubeObject['spec'] & {
    replicas?: number;
    volumeClaimTemplates?: { metadata: { name: string } }[];
    template: { spec: { containers: AlloyContainer[]; volumes?: Record<string, unknown>[] } };
  };
}

interface AlloyContainer extends Container {
  args?: string[];
  resources?: { limits?: { memory?: string } };
  volumeMounts?: { name: string; mountPath: string }[];
}

/** What must hold for an Alloy, beside what holds for every release: a sentence for each that breaks it. */
type AlloyInvariant = (of: Rendered) => string[];

interface Rendered {
  one: AlloyRelease;
  objects: KubeObject[];
  blocks: Block[];
  workload: Workload;
  alloy: AlloyContainer;
}

export const alloyInvariants: Record<string, AlloyInvariant> = {
  'the configuration of the role': ({ one, objects, alloy }) => {
    const config = objects.find(({ kind }) => kind === 'ConfigMap')?.data?.['config.alloy'];
    const kept = readFileSync(join(FOLDER, 'config', `${one.role}.alloy`), 'utf8');
    const read = alloy.args?.includes('/etc/alloy/config.alloy') === true;
    return config?.trimEnd() === kept.trimEnd() && read
      ? []
      : ['Alloy reads another one than deploy/helm/alloy/config has'];
  },

  'what is written survives the pod': ({ workload, alloy }) => {
    const path = alloy.args?.find((arg) => arg.startsWith('--storage.path='))?.split('=')[1];
    const name = alloy.volumeMounts?.find(({ mountPath }) => mountPath === path)?.name;
    const claimed = (workload.spec.volumeClaimTemplates ?? []).some(({ metadata }) => metadata.name === name);
    const volume = workload.spec.template.spec.volumes?.find((one) => one.name === name);
    return claimed || volume?.hostPath !== undefined ? [] : [`nothing that lasts is mounted at ${path}`];
  },

  'sees the files that it reads': ({ blocks, workload, alloy }) => {
    const rules = blocks
      .flatMap(({ blocks: rules }) => rules)
      .filter(({ attributes }) => attributes.target_label === '__path__');
    const paths = rules.map(({ attributes }) => evaluateText(attributes.replacement));
    const mounts = (alloy.volumeMounts ?? []).filter(({ name }) =>
      workload.spec.template.spec.volumes?.some((volume) => volume.name === name && volume.hostPath !== undefined),
    );
    const unseen = paths.filter((path) => !mounts.some(({ mountPath }) => path.startsWith(`${mountPath}/`)));
    return unseen.map((path) => `${path} is not mounted`);
  },

  'OTLP comes in where the role listens': ({ objects, blocks, alloy }) => {
    const receivers = blocks
      .filter(({ type }) => type === 'otelcol.receiver.otlp')
      .flatMap((receiver) => receiver.blocks);
    const listens = receivers.flatMap(({ attributes: { endpoint } }) =>
      endpoint === undefined ? [] : [portOf(endpoint)],
    );
    const own = alloy.ports?.map(({ containerPort }) => containerPort).filter((port) => port !== UI);
    const service = objects.find(({ kind, metadata }) => kind === 'Service' && !metadata.name.endsWith('-cluster'));
    const open = service?.spec?.ports?.filter(({ port }) => port !== UI) ?? [];
    const same = (ports: unknown[] = []) => JSON.stringify(ports) === JSON.stringify(listens);
    return [
      ...(same(own) ? [] : [`the container has ${own}, the role listens on ${listens}`]),
      ...(same(open.map(({ port }) => port)) && same(open.map(({ targetPort }) => targetPort))
        ? []
        : [
            `the Service has ${open.map(({ port, targetPort }) => `${port}:${targetPort}`)}, the role listens on ${listens}`,
          ]),
    ];
  },

  'replicas only where they do not do the same twice': ({ blocks, workload, alloy }) => {
    const { kind, spec } = workload;
    const clustered = alloy.args?.includes('--cluster.enabled=true') === true;
    const single = blocks.filter(({ type }) => ONCE.test(type) && !(clustered && SHARED.test(type)));
    const several = kind === 'DaemonSet' || (spec.replicas ?? 1) > 1;
    // A Deployment has two for a moment when it is changed.
    const wrong =
      several || kind === 'Deployment' ? single.map(({ type }) => `${kind} with ${spec.replicas}: ${type}`) : [];
    return kind === 'DaemonSet' && clustered
      ? [...wrong, 'a DaemonSet reads its own node, and is not clustered']
      : wrong;
  },

  'a budget where there are replicas': ({ objects, workload }) => {
    const budget = objects.find(({ kind }) => kind === 'PodDisruptionBudget');
    return (workload.spec.replicas ?? 1) > 1 && budget === undefined ? ['none'] : [];
  },

  // The memory limiter counts by it; without, by the node.
  'a limit of memory': ({ alloy }) => (alloy.resources?.limits?.memory === undefined ? ['none'] : []),

  'may what its components ask for, and no more': ({ one, objects }) => {
    const roles = objects.filter(({ kind }) => kind === 'ClusterRole') as { rules?: AccessRule[] }[];
    return accessProblems(
      one.role,
      roles.flatMap(({ rules = [] }) => rules),
    );
  },

  'its metrics are not scraped twice': ({ objects, blocks }) => {
    const itself = blocks.some(({ type }) => type === 'prometheus.exporter.self');
    return itself && objects.some(({ kind }) => kind === 'ServiceMonitor')
      ? ['a ServiceMonitor beside self.alloy']
      : [];
  },
};

/** Alloy's own port. */
const UI = 12345;
/** Done by two, it is done twice, or by halves. */
const ONCE = /rules\.kubernetes|kubernetes_events|podlogs|prometheus\.operator|tail_sampling/;
/** Of these, what a cluster of Alloys divides. */
const SHARED = /podlogs|prometheus\.operator/;

/** Every invariant of an Alloy that does not hold, with what breaks it. */
export function brokenAlloy(one: AlloyRelease): Invariant {
  return (objects) => {
    const workload = objects.find(({ spec }) => spec?.template !== undefined) as Workload | undefined;
    const alloy = workload?.spec.template.spec.containers.find(({ name }) => name === 'alloy');
    if (workload === undefined || alloy === undefined) return ['no Alloy in it'];
    const rendered = { one, objects, blocks: filesOf(one.role).flatMap(readAlloy), workload, alloy };
    return Object.entries(alloyInvariants).flatMap(([name, check]) =>
      check(rendered).map((problem) => `${name}: ${problem}`),
    );
  };
}

function portOf(endpoint: Parameters<typeof evaluateText>[0]): number {
  return Number(evaluateText(endpoint).split(':').at(-1));
}
