import type { Container, PodSpec, SecurityContext } from './objects.ts';

const VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
];
const SYSCTLS = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
];
const SELINUX_TYPES = [undefined, '', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'];

/**
 * What of a pod the restricted Pod Security Standard forbids; what this project asks beyond it begins with `clew: `.
 *
 * https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export function podSecurityProblems(spec: PodSpec): string[] {
  const pod = spec.securityContext ?? {};
  const containers = [...spec.containers, ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])];
  const problems = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((key) => spec[key] === true);
  return [
    ...problems,
    ...ofEither(pod, 'pod'),
    ...(pod.sysctls ?? []).filter(({ name }) => !SYSCTLS.includes(name)).map(({ name }) => `sysctl ${name}`),
    ...(spec.volumes ?? []).flatMap((volume) =>
      Object.keys(volume)
        .filter((key) => key !== 'name' && !VOLUMES.includes(key))
        .map((key) => `volume of the kind ${key}`),
    ),
    ...containers.flatMap((container) => ofContainer(container, pod)),
    ...(spec.automountServiceAccountToken === false ? [] : ['clew: automountServiceAccountToken is not false']),
  ];
}

function ofContainer(container: Container, pod: SecurityContext): string[] {
  const own = container.securityContext ?? {};
  const { name } = container;
  const problems = ofEither(own, name);
  const say = (when: boolean, problem: string) => when && problems.push(`${name}: ${problem}`);
  say(own.privileged === true, 'privileged');
  say(own.allowPrivilegeEscalation !== false, 'allowPrivilegeEscalation is not false');
  say(!(own.capabilities?.drop ?? []).includes('ALL'), 'capabilities.drop has no ALL');
  const added = (own.capabilities?.add ?? []).filter((capability) => capability !== 'NET_BIND_SERVICE');
  say(added.length > 0, `adds ${added.join(', ')}`);
  say(![undefined, '', 'Default'].includes(own.procMount), `procMount ${own.procMount}`);
  say((own.runAsNonRoot ?? pod.runAsNonRoot) !== true, 'runAsNonRoot is not true');
  const seccomp = own.seccompProfile?.type ?? pod.seccompProfile?.type;
  say(!['RuntimeDefault', 'Localhost'].includes(String(seccomp)), 'no seccompProfile');
  say(
    (container.ports ?? []).some((port) => 'hostPort' in port),
    'hostPort',
  );
  if (own.readOnlyRootFilesystem !== true) problems.push(`clew: ${name}: readOnlyRootFilesystem is not true`);
  return problems;
}

/** What holds for the context of a pod and of a container. */
function ofEither(context: SecurityContext, where: string): string[] {
  const problems: string[] = [];
  const say = (when: boolean, problem: string) => when && problems.push(`${where}: ${problem}`);
  say(context.runAsUser === 0, 'runAsUser is 0');
  say(context.runAsNonRoot === false, 'runAsNonRoot is false');
  say(context.seccompProfile?.type === 'Unconfined', 'seccompProfile is Unconfined');
  say(context.windowsOptions?.hostProcess === true, 'hostProcess');
  const selinux = context.seLinuxOptions ?? {};
  say(!SELINUX_TYPES.includes(selinux.type), `SELinux type ${selinux.type}`);
  say(Boolean(selinux.user) || Boolean(selinux.role), 'SELinux user or role');
  const appArmor = context.appArmorProfile?.type;
  say(![undefined, 'RuntimeDefault', 'Localhost'].includes(appArmor), `AppArmor profile ${appArmor}`);
  return problems;
}
