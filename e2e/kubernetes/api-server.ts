import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../test/harness/free-port.ts';
import { createStore } from '../stack/store.ts';
import { type Client, createClient } from './client.ts';

export interface ApiServer extends AsyncDisposable {
  client: Client;
  /** For Helm: where the server is, and what it keeps about it. */
  env: Record<string, string>;
}

/**
 * An API server of Kubernetes and its etcd, as two processes of this machine on loopback, with data that go with it.
 * There are no controllers and no nodes: objects are admitted and kept, and nothing runs.
 *
 * @throws with the last lines of the one that does not become ready
 */
export async function startApiServer(): Promise<ApiServer> {
  await using started = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'clew-kubernetes-'));
  started.defer(() => rmSync(folder, { recursive: true, force: true }));

  const etcdUrl = `http://127.0.0.1:${await freePort()}`;
  const etcd = createEtcd(join(folder, 'etcd'), etcdUrl, `http://127.0.0.1:${await freePort()}`);
  started.defer(() => etcd.stop());
  await etcd.start();

  const port = await freePort();
  const url = `https://127.0.0.1:${port}`;
  const certificate = join(folder, 'certificates', 'apiserver.crt');
  const token = randomUUID();
  // The server makes its certificate when it starts.
  const connect = () => createClient({ url, token, ca: readFileSync(certificate, 'utf8') });
  const server = createStore({
    name: 'kube-apiserver',
    folder,
    args: () => [
      `--etcd-servers=${etcdUrl}`,
      '--bind-address=127.0.0.1',
      '--advertise-address=127.0.0.1',
      `--secure-port=${port}`,
      `--cert-dir=${join(folder, 'certificates')}`,
      `--token-auth-file=${written(folder, 'tokens.csv', `${token},clew,clew,"system:masters"`)}`,
      '--authorization-mode=RBAC',
      ...serviceAccountFlags(folder),
      '--service-cluster-ip-range=10.0.0.0/16',
      // Nobody is to come to it by the Service `kubernetes`.
      '--endpoint-reconciler-type=none',
      // As in a cluster: whether a pod may be privileged is for Pod Security to say.
      '--allow-privileged=true',
    ],
    readyUrl: '/readyz',
    async answers(path) {
      try {
        const client = connect();
        await client.ask(path).finally(() => client.close());
        return true;
      } catch {
        return false;
      }
    },
  });
  started.defer(() => server.stop());
  await server.start();

  const client = connect();
  started.defer(() => client.close());
  const kubeconfig = written(folder, 'kubeconfig.json', JSON.stringify(kubeconfigFor(url, certificate, token)));
  const running = started.move();
  return {
    client,
    // A third of Helm's short life is the collecting of garbage.
    env: { KUBECONFIG: kubeconfig, KUBECACHEDIR: join(folder, 'cache'), HOME: folder, GOGC: '400' },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

function createEtcd(folder: string, url: string, peers: string) {
  const config = {
    name: 'clew',
    'data-dir': join(folder, 'data'),
    'listen-client-urls': url,
    'advertise-client-urls': url,
    'listen-peer-urls': peers,
    'initial-advertise-peer-urls': peers,
    'initial-cluster': `clew=${peers}`,
    'unsafe-no-fsync': true,
  };
  const args = (file: string) => [`--config-file=${file}`];
  return createStore({ name: 'etcd', folder, config, args, readyUrl: `${url}/readyz` });
}

/** Without them it does not start, though nobody asks it for a token here. */
function serviceAccountFlags(folder: string): string[] {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const file = written(folder, 'service-accounts.pem', privateKey.export({ type: 'pkcs1', format: 'pem' }));
  return [
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${file}`,
    `--service-account-signing-key-file=${file}`,
  ];
}

function kubeconfigFor(server: string, certificate: string, token: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'clew', cluster: { server, 'certificate-authority': certificate } }],
    users: [{ name: 'clew', user: { token } }],
    contexts: [{ name: 'clew', context: { cluster: 'clew', user: 'clew' } }],
    'current-context': 'clew',
  };
}

/** Writes a file that is nobody else's to read, and returns its path. */
function written(folder: string, name: string, text: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}
