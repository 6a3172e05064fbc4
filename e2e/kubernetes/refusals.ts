/** A change of an object after which the server refuses it. */
export interface Refusal {
  name: string;
  kind: string;
  /** Where in the object, and what is there then. */
  at: (string | number)[];
  value: unknown;
  /** Parts of the answer. */
  says: string[];
}

const CONTAINER = ['spec', 'containers', 0];
const CONTEXT = ['spec', 'securityContext'];

export const refusals: Refusal[] = [
  byPolicy('a privileged container', [...CONTAINER, 'securityContext'], { privileged: true }, 'privileged=true'),
  byPolicy('root', [...CONTEXT, 'runAsUser'], 0, 'runAsUser=0'),
  byPolicy('a user that may be root', [...CONTEXT, 'runAsNonRoot'], false, 'runAsNonRoot != true'),
  byPolicy('capabilities', [...CONTAINER, 'securityContext', 'capabilities'], {}, 'drop=["ALL"]'),
  byPolicy('no seccomp profile', [...CONTEXT, 'seccompProfile'], null, 'seccompProfile'),
  byPolicy('the network of the node', ['spec', 'hostNetwork'], true, 'hostNetwork=true'),
  byPolicy('a folder of the node', ['spec', 'volumes', 0], { name: 'tmp', hostPath: { path: '/' } }, '"hostPath"'),
  {
    name: 'an unknown field',
    kind: 'Pod',
    at: ['spec', 'containerz'],
    value: [],
    says: ['unknown field "spec.containerz"'],
  },
  {
    name: 'a port with a long name',
    kind: 'Pod',
    at: [...CONTAINER, 'ports', 0, 'name'],
    value: 'http-of-the-service',
    says: ['spec.containers[0].ports[0].name', 'no more than 15'],
  },
  {
    name: 'an account that nobody made',
    kind: 'Pod',
    at: ['spec', 'serviceAccountName'],
    value: 'nobody',
    says: ['serviceaccount "nobody" not found'],
  },
  {
    name: 'labels that the selector does not select',
    kind: 'Deployment',
    at: ['spec', 'template', 'metadata', 'labels', 'app.kubernetes.io/name'],
    value: 'other',
    says: ['`selector` does not match template `labels`'],
  },
  {
    name: 'an unknown field of a custom resource',
    kind: 'ServiceMonitor',
    at: ['spec', 'endpoints', 0, 'intervall'],
    value: '1s',
    says: ['.spec.endpoints[0].intervall', 'not declared in schema'],
  },
  {
    name: 'a wrong value in a custom resource',
    kind: 'ServiceMonitor',
    at: ['spec', 'endpoints', 0, 'interval'],
    value: 'soon',
    says: ['spec.endpoints[0].interval', 'Invalid value: "soon"'],
  },
  {
    name: 'what a rule of a custom resource forbids',
    kind: 'HTTPRoute',
    at: ['spec', 'rules', 0, 'matches', 0, 'path', 'value'],
    value: 'api',
    says: ['must be an absolute path'],
  },
];

function byPolicy(name: string, at: Refusal['at'], value: unknown, part: string): Refusal {
  return { name, kind: 'Pod', at, value, says: ['violates PodSecurity "restricted:latest"', part] };
}

/** A copy of the object with something else at one place. */
export function withChange<Of extends object>(object: Of, { at, value }: Refusal): Of {
  const copy = structuredClone(object);
  let parent: Record<string | number, unknown> = copy as Record<string, unknown>; // what JSON has
  for (const key of at.slice(0, -1)) parent = parent[key] as typeof parent; // likewise
  parent[at.at(-1) ?? ''] = value;
  return copy;
}
