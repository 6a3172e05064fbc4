import { parseAllDocuments } from 'yaml';

type Labels = Record<string, string>;

export interface Selector {
  matchLabels?: Labels;
}

export interface Container {
  name: string;
  image: string;
  command?: string[];
  args?: string[];
  env?: { name: string; value?: string; valueFrom?: Record<string, unknown> }[];
  ports?: { name: string; containerPort: number }[];
  securityContext?: SecurityContext;
  lifecycle?: unknown;
  startupProbe?: Probe;
  livenessProbe?: Probe;
  readinessProbe?: Probe;
}

interface Probe {
  httpGet?: { port: string | number };
}

export interface SecurityContext {
  privileged?: boolean;
  allowPrivilegeEscalation?: boolean;
  runAsNonRoot?: boolean;
  runAsUser?: number;
  capabilities?: { add?: string[]; drop?: string[] };
  seccompProfile?: { type?: string };
  seLinuxOptions?: Record<string, string>;
  appArmorProfile?: { type?: string };
  procMount?: string;
  readOnlyRootFilesystem?: boolean;
  sysctls?: { name: string }[];
  windowsOptions?: { hostProcess?: boolean };
}

export interface PodSpec {
  restartPolicy?: string;
  activeDeadlineSeconds?: number;
  serviceAccountName?: string;
  automountServiceAccountToken?: boolean;
  terminationGracePeriodSeconds?: number;
  hostNetwork?: boolean;
  hostPID?: boolean;
  hostIPC?: boolean;
  securityContext?: SecurityContext;
  containers: Container[];
  initContainers?: Container[];
  ephemeralContainers?: Container[];
  volumes?: Record<string, unknown>[];
  topologySpreadConstraints?: { labelSelector: Selector }[];
}

export interface PodTemplate {
  metadata?: { labels?: Labels; annotations?: Labels };
  spec: PodSpec;
}

/** A part of a TestRun of the k6 operator. */
interface TestRunPod extends Pick<Container, 'env'>, Pick<PodSpec, 'securityContext' | 'volumes'> {
  metadata?: { labels?: Labels };
  image?: string;
  automountServiceAccountToken?: string;
  containerSecurityContext?: SecurityContext;
}

/** A peer in a rule of a NetworkPolicy. */
export interface NetworkPeer {
  podSelector?: Selector;
  namespaceSelector?: Selector;
  ipBlock?: { cidr: string };
}

export interface NetworkRule {
  from?: NetworkPeer[];
  to?: NetworkPeer[];
  ports?: { port: string | number; protocol?: string }[];
}

/** As much of an object of Kubernetes as the checks look at. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Labels; annotations?: Labels };
  data?: Record<string, string>;
  spec?: Partial<PodSpec> & {
    /** A Service's is a map, everybody else's a selector. */
    selector?: Selector | Labels;
    namespaceSelector?: Selector;
    podSelector?: Selector;
    template?: PodTemplate;
    jobTemplate?: { spec: { template: PodTemplate } };
    ports?: { name: string; port: number; targetPort: string | number }[];
    endpoints?: { port: string }[];
    initializer?: TestRunPod;
    runner?: TestRunPod;
    starter?: TestRunPod;
    podMetricsEndpoints?: { port: string }[];
    scaleTargetRef?: { kind?: string; name: string };
    ingress?: NetworkRule[];
    egress?: NetworkRule[];
    policyTypes?: string[];
    rules?: {
      http?: { paths: { backend: { service: { name: string; port: { name: string } } } }[] };
      backendRefs?: { name: string; port: number }[];
    }[];
    groups?: { name: string; rules: { alert?: string; expr: string }[] }[];
  };
}

/** The objects in what `helm template` prints. */
export function readObjects(text: string): KubeObject[] {
  // As Helm and Kubernetes read it: YES is a boolean.
  return parseAllDocuments(text, { version: '1.1' }).flatMap((document) => {
    const [problem] = document.errors;
    if (problem !== undefined) throw problem;
    const object: KubeObject | null = document.toJS(); // its shape is what kubeconform checks
    return object === null ? [] : [object];
  });
}

/** Objects that have pods, with the template of these. */
export function workloads(objects: KubeObject[]): { object: KubeObject; template: PodTemplate }[] {
  return objects.flatMap((object) => {
    const { template, jobTemplate, initializer, runner, starter, containers } = object.spec ?? {};
    const itself = containers && { metadata: object.metadata, spec: { ...object.spec, containers } };
    const templates = [
      itself,
      template,
      jobTemplate?.spec.template,
      ...[initializer, runner, starter].map(podOfTestRun),
    ];
    return templates.flatMap((one) => (one === undefined ? [] : [{ object, template: one }]));
  });
}

/** What the k6 operator makes of a part of a TestRun. */
function podOfTestRun(part: TestRunPod | undefined): PodTemplate | undefined {
  if (part === undefined) return undefined;
  const {
    metadata = {},
    image = '',
    env = [],
    containerSecurityContext = {},
    securityContext = {},
    volumes = [],
  } = part;
  const name = metadata.labels?.['app.kubernetes.io/name'] ?? '';
  const automountServiceAccountToken = part.automountServiceAccountToken !== 'false';
  const containers = [{ name, image, env, securityContext: containerSecurityContext }];
  return { metadata, spec: { automountServiceAccountToken, securityContext, volumes, containers } };
}

/** As `Deployment/clew-full-otel`. */
export function named({ kind, metadata }: KubeObject): string {
  return `${kind}/${metadata.name}`;
}

export function selects({ matchLabels = {} }: Selector, labels: Labels = {}): boolean {
  return Object.entries(matchLabels).every(([name, value]) => labels[name] === value);
}
