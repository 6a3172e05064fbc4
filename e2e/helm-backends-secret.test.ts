import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { BACKENDS } from '../test/helm/support/helmfile.ts';
import { type Cluster, startCluster } from './kubernetes/cluster.ts';
import { createRelease } from './kubernetes/release.ts';
import { needed } from './support/programs.ts';

const { leftOut, needAll } = needed('helm', 'etcd', 'kube-apiserver');
const NAMESPACE = 'keys';

describe('the keys of the object storage', { skip: leftOut }, () => {
  let cluster: Cluster;

  before(async () => {
    needAll();
    cluster = await startCluster();
  });
  after(() => cluster?.[Symbol.asyncDispose]());

  it('stay with the data: through an upgrade, an uninstall, and another install', async () => {
    await cluster.makeNamespace(NAMESPACE);
    const chart = join(BACKENDS, 'charts/s3');
    const release = createRelease({ name: 's3', namespace: NAMESPACE, chart }, cluster);
    await release.install();
    const first = await keys();
    assert.match(first, /"AWS_ACCESS_KEY_ID":"\w{20,}=*"/);
    // With another list of buckets it has another Job: one cannot be changed.
    await release.upgrade('buckets[0]=another');
    assert.equal(await keys(), first);
    await release.uninstall();
    assert.equal(await keys(), first);
    await release.install();
    assert.equal(await keys(), first);
  });

  it('are one pair, by the names that each store asks for', async () => {
    const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: key, ...others } = JSON.parse(await keys());
    assert.deepEqual(others, { RUSTFS_ACCESS_KEY: id, RUSTFS_SECRET_KEY: key, rootUser: id, rootPassword: key });
    assert.notEqual(id, key);
  });

  async function keys(): Promise<string> {
    const secret = (await cluster.objectsIn(NAMESPACE)).find(
      ({ kind, metadata }) => kind === 'Secret' && metadata.name === 's3',
    );
    return JSON.stringify(secret?.data);
  }
});
