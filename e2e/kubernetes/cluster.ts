import { parse } from 'yaml';
import { waitFor } from '../../test/harness/wait-for.ts';
import type { KubeObject } from '../../test/helm/support/objects.ts';
import { customResources } from '../helm/schema-sources.ts';
import { filesOf } from '../helm/schemas.ts';
import { type ApiServer, startApiServer } from './api-server.ts';
import { type Kind, kindsOf, pathOf } from './kinds.ts';

/** An object that the server keeps. */
export interface Kept extends KubeObject {
  metadata: KubeObject['metadata'] & { uid: string; resourceVersion: string };
}

/** Where an object goes. */
export interface Place {
  namespace: string;
  /** Everything but the keeping. */
  dryRun?: boolean;
}

/** A server that knows the custom resources of the charts. */
export interface Cluster extends AsyncDisposable {
  /** For Helm. */
  env: Record<string, string>;
  /** Makes a namespace with a Pod Security level that is enforced, and the account that its pods have by default. */
  makeNamespace(name: string, level?: 'restricted' | 'privileged'): Promise<void>;
  /** Server-side apply that changes nothing; an unknown field is an error. @returns warnings */
  tryApply(object: KubeObject, namespace: string): Promise<string[]>;
  /** @returns warnings */
  create(object: object, place: Place): Promise<string[]>;
  /** Those of a namespace, or those that are in none; of the kinds that can be listed, but LEFT_OUT. */
  objectsIn(namespace?: string): Promise<Kept[]>;
  /** Names of the objects of a kind with these labels: in a namespace, or anywhere. */
  select(kind: string, labels: Record<string, string>, namespace?: string): Promise<string[]>;
}

/** What the server says of itself, and megabytes of definitions. */
const LEFT_OUT = ['Event', 'ComponentStatus', 'CustomResourceDefinition'];

export async function startCluster(): Promise<Cluster> {
  await using started = new AsyncDisposableStack();
  const server = started.use(await startApiServer());
  const kinds = await installCustomResources(server);
  const { client, env } = server;

  const kindOf = ({ apiVersion, kind }: { apiVersion: string; kind: string }): Kind => {
    const found = kinds.find((one) => one.apiVersion === apiVersion && one.kind === kind && !one.plural.includes('/'));
    if (found === undefined) throw new Error(`the server has no ${kind} of ${apiVersion}`);
    return found;
  };
  const strict = (dryRun: boolean) => `fieldManager=clew&fieldValidation=Strict${dryRun ? '&dryRun=All' : ''}`;
  const list = async (kind: Kind, namespace?: string, query = ''): Promise<Kept[]> => {
    const { body } = await client.ask(`${pathOf(kind, namespace)}${query}`);
    const { items } = body as { items: Kept[] }; // what every list has
    return items.map((item) => ({ ...item, apiVersion: kind.apiVersion, kind: kind.kind }));
  };
  const create: Cluster['create'] = async (object, { namespace, dryRun = false }) => {
    const path = pathOf(kindOf(object as KubeObject), namespace);
    return (await client.ask(`${path}?${strict(dryRun)}`, { method: 'POST', body: object })).warnings;
  };

  const running = started.move();
  return {
    env,
    create,
    async makeNamespace(name, level = 'restricted') {
      const labels = Object.fromEntries(
        ['enforce', 'warn'].flatMap((mode) => [
          [`pod-security.kubernetes.io/${mode}`, level],
          [`pod-security.kubernetes.io/${mode}-version`, 'latest'],
        ]),
      );
      await create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }, { namespace: name });
      await create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } }, { namespace: name });
    },
    async tryApply(object, namespace) {
      const path = `${pathOf(kindOf(object), namespace)}/${object.metadata.name}?${strict(true)}&force=true`;
      return (await client.ask(path, { method: 'PATCH', type: 'application/apply-patch+yaml', body: object })).warnings;
    },
    async objectsIn(namespace) {
      const wanted = kinds.filter(
        ({ listed, namespaced, kind }) =>
          listed && namespaced === (namespace !== undefined) && !LEFT_OUT.includes(kind),
      );
      return (await Promise.all(wanted.map((kind) => list(kind, namespace)))).flat();
    },
    async select(kind, labels, namespace) {
      const selector = Object.entries(labels).map((label) => label.join('='));
      const query = `?labelSelector=${encodeURIComponent(selector.join(','))}`;
      const found = await list(kindOf({ apiVersion: 'v1', kind }), namespace, query);
      return found.map(({ metadata }) => metadata.name);
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Installs the definitions whose schemas the charts are checked with, and resolves with what the server knows then. */
async function installCustomResources({ client }: ApiServer): Promise<Kind[]> {
  const definitions: KubeObject[] = customResources.flatMap(filesOf).map((text) => parse(text));
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  await Promise.all(definitions.map((body) => client.ask(path, { method: 'POST', body })));
  return waitFor(async () => {
    const kinds = await kindsOf(client);
    const there = new Set(kinds.map(({ apiVersion, plural }) => `${plural}.${apiVersion.split('/')[0]}`));
    return definitions.every(({ metadata }) => there.has(metadata.name)) && kinds;
  }, 'the custom resources');
}
