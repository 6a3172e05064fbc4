import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PodSpec, SecurityContext } from './support/objects.ts';
import { podSecurityProblems } from './support/pod-security.ts';

const GOOD: SecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};

function podOf(container: SecurityContext, more: object = {}): PodSpec {
  return {
    automountServiceAccountToken: false,
    containers: [{ name: 'app', image: 'app:1', securityContext: container }],
    ...more,
  };
}

describe('what the restricted standard allows', () => {
  const allowed: Record<string, PodSpec> = {
    'a restricted container': podOf(GOOD),
    'what the pod says for its containers': podOf(
      { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
      { securityContext: { runAsNonRoot: true, seccompProfile: { type: 'Localhost' } } },
    ),
    'the one capability': podOf({ ...GOOD, capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } }),
    'its kinds of volumes': podOf(GOOD, {
      volumes: [
        { name: 'a', emptyDir: {} },
        { name: 'b', configMap: {} },
      ],
    }),
    'a safe sysctl': podOf(GOOD, { securityContext: { sysctls: [{ name: 'net.ipv4.tcp_syncookies' }] } }),
  };
  for (const [name, spec] of Object.entries(allowed)) {
    it(name, () => assert.deepEqual(podSecurityProblems(spec), []));
  }
});

describe('what it forbids', () => {
  const { runAsNonRoot: _, ...withoutNonRoot } = GOOD;
  const { seccompProfile: __, ...withoutSeccomp } = GOOD;
  const forbidden: Record<string, [spec: PodSpec, problem: RegExp]> = {
    'a privileged container': [podOf({ ...GOOD, privileged: true }), /app: privileged/],
    'escalation that nobody forbids': [podOf({ ...GOOD, allowPrivilegeEscalation: true }), /allowPrivilegeEscalation/],
    'capabilities that are kept': [podOf({ ...GOOD, capabilities: { drop: ['NET_RAW'] } }), /no ALL/],
    'another capability': [podOf({ ...GOOD, capabilities: { drop: ['ALL'], add: ['SYS_TIME'] } }), /SYS_TIME/],
    'a user that may be root': [podOf(withoutNonRoot), /runAsNonRoot/],
    'a container that overrules the pod': [
      podOf({ ...GOOD, runAsNonRoot: false }, { securityContext: { runAsNonRoot: true } }),
      /runAsNonRoot is false/,
    ],
    root: [podOf({ ...GOOD, runAsUser: 0 }), /runAsUser is 0/],
    'root for the pod': [podOf(GOOD, { securityContext: { runAsUser: 0 } }), /pod: runAsUser is 0/],
    'no seccomp profile': [podOf(withoutSeccomp), /no seccompProfile/],
    'seccomp switched off': [podOf({ ...GOOD, seccompProfile: { type: 'Unconfined' } }), /Unconfined/],
    'AppArmor switched off': [podOf({ ...GOOD, appArmorProfile: { type: 'Unconfined' } }), /AppArmor/],
    'an SELinux type': [podOf({ ...GOOD, seLinuxOptions: { type: 'spc_t' } }), /spc_t/],
    'an SELinux user': [podOf({ ...GOOD, seLinuxOptions: { user: 'root' } }), /SELinux user/],
    'another procMount': [podOf({ ...GOOD, procMount: 'Unmasked' }), /Unmasked/],
    'a host process': [podOf({ ...GOOD, windowsOptions: { hostProcess: true } }), /hostProcess/],
    'the network of the node': [podOf(GOOD, { hostNetwork: true }), /hostNetwork/],
    'the processes of the node': [podOf(GOOD, { hostPID: true }), /hostPID/],
    'a path of the node': [podOf(GOOD, { volumes: [{ name: 'a', hostPath: { path: '/' } }] }), /hostPath/],
    'a port of the node': [
      podOf(GOOD, {
        containers: [{ name: 'app', image: 'a:1', securityContext: GOOD, ports: [{ name: 'http', hostPort: 80 }] }],
      }),
      /hostPort/,
    ],
    'a sysctl of the node': [podOf(GOOD, { securityContext: { sysctls: [{ name: 'kernel.msgmax' }] } }), /msgmax/],
    'an init container that is not restricted': [
      podOf(GOOD, { initContainers: [{ name: 'first', image: 'first:1' }] }),
      /first: runAsNonRoot/,
    ],
    'a token': [podOf(GOOD, { automountServiceAccountToken: true }), /clew: automountServiceAccountToken/],
    'a root file system to write to': [podOf({ ...GOOD, readOnlyRootFilesystem: false }), /clew: app: readOnly/],
  };
  for (const [name, [spec, problem]] of Object.entries(forbidden)) {
    it(name, () => assert.match(podSecurityProblems(spec).join('\n'), problem));
  }
});
