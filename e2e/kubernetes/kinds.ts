import type { Client } from './client.ts';

/** A kind of object that a server has. */
export interface Kind {
  apiVersion: string;
  kind: string;
  /** As `httproutes`. */
  plural: string;
  namespaced: boolean;
  /** Its objects can be listed, and this is the version to do it with. */
  listed: boolean;
}

interface Discovery {
  items: {
    metadata: { name?: string };
    /** The preferred one first. */
    versions: {
      version: string;
      resources: { resource: string; responseKind?: { kind: string }; scope: string; verbs: string[] }[];
    }[];
  }[];
}

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

export async function kindsOf(client: Client): Promise<Kind[]> {
  const answers = await Promise.all(['/api', '/apis'].map((path) => client.ask(path, { accept: AGGREGATED })));
  const groups = answers.flatMap(({ body }) => (body as Discovery).items); // what `accept` asks for
  return groups.flatMap(({ metadata: { name: group = '' }, versions }) => {
    const seen = new Set<string>();
    return versions.flatMap(({ version, resources }) =>
      resources.map(({ resource, responseKind, scope, verbs }): Kind => {
        const listed = verbs.includes('list') && !seen.has(resource);
        seen.add(resource);
        return {
          apiVersion: group === '' ? version : `${group}/${version}`,
          kind: responseKind?.kind ?? '',
          plural: resource,
          namespaced: scope === 'Namespaced',
          listed,
        };
      }),
    );
  });
}

/** Where the objects of a kind are: all of them, or those of a namespace. */
export function pathOf({ apiVersion, plural, namespaced }: Kind, namespace?: string): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return namespaced && namespace !== undefined ? `${root}/namespaces/${namespace}/${plural}` : `${root}/${plural}`;
}
