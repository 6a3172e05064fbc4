import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { readEnv } from '../compose/read.ts';
import { readDataSources } from '../grafana/data-sources.ts';
import {
  BACKENDS,
  conditions,
  environmentNames,
  type Release,
  releasesOf,
  repositories,
  S3_STORES,
  valueAt,
  variants,
} from './support/helmfile.ts';
import { storeConfigs } from './support/store-configs.ts';

const idOf = ({ namespace, name }: Release) => `${namespace}/${name}`;
/** Of every environment. helmfile passes over a need of a release whose condition does not hold. */
const allIds = new Set(variants.flatMap(({ releases }) => releases.map(idOf)));

describe('deploy/helm/backends/helmfile.yaml', () => {
  it('has the environments that there are to be', () => {
    assert.deepEqual(environmentNames, ['default', 'tenants', 'tiny']);
  });

  for (const { name, releases } of variants) {
    it(`${name}: pins every chart, from a repository that it names`, () => {
      const known = repositories.map((repository) => repository.name);
      assert.ok(releases.length > 10);
      for (const { chart, version, name: release } of releases) {
        if (chart.startsWith('.')) {
          assert.ok(existsSync(join(BACKENDS, chart, 'Chart.yaml')), `${release}: no chart ${chart}`);
        } else {
          assert.match(String(version), /^\d+\.\d+\.\d+(-[\w.]+)?$/, release);
          assert.ok(known.includes(chart.split('/')[0] ?? ''), `${release}: ${chart} is of no repository`);
        }
      }
    });

    it(`${name}: waits only for releases that there are, each once in its namespace`, () => {
      assert.equal(new Set(releases.map(idOf)).size, releases.length);
      const missing = releases.flatMap(({ needs }) => needs).filter((id) => !allIds.has(id));
      assert.deepEqual(missing, []);
    });

    it(`${name}: has one object storage, and one Mimir`, () => {
      const count = (names: string[]) => releases.filter((release) => names.includes(release.name)).length;
      assert.equal(count(S3_STORES), 1);
      assert.equal(count(['mimir', 'mimir-distributed']), 1);
    });
  }

  it('reads every values file, in some environment', () => {
    const read = new Set(variants.flatMap(({ releases }) => releases.flatMap(({ files }) => files)));
    const written = globSync('values/**/*.yaml', { cwd: BACKENDS });
    assert.ok(written.length > 20);
    assert.deepEqual(
      written.filter((file) => !read.has(file)),
      [],
    );
  });

  for (const { name, releases } of variants) {
    it(`${name}: whoever sends OTLP, sends it to an Alloy that there is`, () => {
      const alloys = releases.filter(({ chart }) => chart === 'grafana/alloy');
      const hosts = alloys.map((release) => `${release.name}.${release.namespace}`);
      const senders = releases.filter((release) => ['clew', 'beyla'].includes(release.name));
      const paths = ['global.otlp.endpoint', 'config.data.otel_traces_export.endpoint'];
      assert.ok(senders.length >= 2);
      for (const { values, namespace } of senders) {
        const urls = paths.map((path) => valueAt(values, path));
        const [url = 'http://none'] = urls.filter((endpoint) => typeof endpoint === 'string');
        assert.ok(hosts.includes(new URL(url).hostname), `${namespace}: ${url} is none of ${hosts.join(', ')}`);
      }
    });
  }

  it('has a release for each switch, and a switch for each condition', () => {
    const settings = parse(readFileSync(join(BACKENDS, 'environments/default.yaml'), 'utf8'));
    const switches = Object.keys(settings).filter((name) => typeof settings[name] === 'object');
    assert.deepEqual(new Set(switches.map((name) => `${name}.enabled`)), conditions);
  });

  it('has a README that names every environment, setting and version', () => {
    const readme = readFileSync(join(BACKENDS, 'README.md'), 'utf8');
    const settings = parse(readFileSync(join(BACKENDS, 'environments/default.yaml'), 'utf8'));
    // Follow from the environment.
    const { 'one-tenant': _, 'two-tenants': __, datasources: ___, ...own } = settings;
    const names = Object.entries(own).map(([name, value]) => (typeof value === 'object' ? `${name}.enabled` : name));
    for (const name of [...names, ...environmentNames]) assert.ok(readme.includes(`\`${name}\``), name);
    for (const name of ['mimir-distributed', 'tempo']) {
      assert.ok(readme.includes(String(releaseOf('default', name).version)), name);
    }
  });

  it('runs no Kafka in tiny', () => {
    const names = releasesOf('tiny').map(({ name }) => name);
    assert.ok(!names.includes('mimir-distributed') && names.includes('mimir'));
  });

  it('gives Alloy and clew to each tenant, in namespaces of its own', () => {
    const tenants = releasesOf('tenants').filter(({ namespace }) => /-(stage|prod)$/.test(namespace));
    assert.equal(tenants.length, 12);
    for (const { namespace, values } of tenants) {
      const [, own = '', other] = /-(stage|(prod))$/.exec(namespace) ?? [];
      assert.doesNotMatch(JSON.stringify(values), other === undefined ? /\bprod\b/ : /\bstage\b/, namespace);
      assert.match(JSON.stringify([namespace, values]), new RegExp(`\\b${own}\\b`));
    }
  });
});

describe('the configuration of the stores', () => {
  for (const environment of environmentNames) {
    const releases = releasesOf(environment);
    const { mimir, loki, tempo, pyroscope, buckets } = storeConfigs(releases);

    it(`${environment}: Mimir keeps exemplars, and names from OTLP have their suffixes`, () => {
      assert.ok(Number(valueAt(mimir, 'limits.max_global_exemplars_per_user')) > 0);
      assert.equal(valueAt(mimir, 'limits.otel_metric_suffixes_enabled'), true);
      // The largest group of kube-prometheus-stack has 26 rules.
      assert.ok(Number(valueAt(mimir, 'limits.ruler_max_rules_per_rule_group')) >= 26);
    });

    it(`${environment}: all of them keep what leads to each other for as long`, () => {
      const periods = [
        valueAt(mimir, 'limits.compactor_blocks_retention_period'),
        valueAt(loki, 'limits_config.retention_period'),
        valueAt(tempo, 'backend_scheduler.provider.compaction.compaction.block_retention'),
        valueAt(tempo, 'backend_worker.compaction.block_retention'),
        valueAt(pyroscope, 'limits.retention_period'),
      ];
      assert.deepEqual(periods.map(hours), [168, 168, 168, 168, 168]);
      assert.equal(valueAt(loki, 'compactor.retention_enabled'), true);
    });

    it(`${environment}: each has buckets of its own, and they are made`, () => {
      const used = [
        valueAt(mimir, 'blocks_storage.s3.bucket_name'),
        valueAt(mimir, 'ruler_storage.s3.bucket_name'),
        valueAt(mimir, 'alertmanager_storage.s3.bucket_name'),
        valueAt(loki, 'common.storage.s3.bucketnames'),
        valueAt(loki, 'ruler.storage.s3.bucketnames'),
        valueAt(tempo, 'storage.trace.s3.bucket'),
        valueAt(pyroscope, 'storage.s3.bucket_name'),
      ];
      assert.deepEqual(new Set(used), new Set(buckets));
      assert.equal(new Set(used).size, used.length);
    });

    it(`${environment}: all of them have the same object storage, by the keys of the Secret`, () => {
      const at = [
        valueAt(mimir, 'common.storage.s3'),
        valueAt(loki, 'common.storage.s3'),
        valueAt(loki, 'ruler.storage.s3'),
        valueAt(tempo, 'storage.trace.s3'),
        valueAt(pyroscope, 'storage.s3'),
      ] as Record<string, unknown>[];
      for (const s3 of at) {
        assert.equal(s3.endpoint, 's3:9000');
        assert.equal(s3.insecure, true);
        assert.match(String(s3.access_key_id ?? s3.access_key), /^\$\{AWS_ACCESS_KEY_ID\}$/);
        assert.match(String(s3.secret_access_key ?? s3.secret_key), /^\$\{AWS_SECRET_ACCESS_KEY\}$/);
      }
    });

    it(`${environment}: alerts of Loki and of Mimir come to one Alertmanager`, () => {
      assert.equal(valueAt(loki, 'ruler.alertmanager_url'), 'http://mimir:9009/alertmanager');
      assert.equal(valueAt(loki, 'ruler.enable_api'), true);
      assert.equal(valueAt(loki, 'ruler.storage.type'), 's3');
      // mimir-distributed sets it to its own.
      if (mimir.ruler !== undefined && 'alertmanager_url' in (mimir.ruler as object)) {
        assert.match(String(valueAt(mimir, 'ruler.alertmanager_url')), /^http:\/\/127\.0\.0\.1:9009\/alertmanager$/);
        assert.match(String(mimir.target), /\balertmanager\b/);
      }
    });

    it(`${environment}: stores, and the data sources of Grafana, agree on tenants`, () => {
      const several = environment === 'tenants';
      const says = [
        mimir.multitenancy_enabled,
        loki.auth_enabled,
        tempo.multitenancy_enabled,
        pyroscope.multitenancy_enabled,
      ];
      assert.deepEqual(says, [several, several, several, several]);
      const { datasources = '' } = releases.find(({ name }) => name === 'grafana-files')?.texts ?? {};
      assert.ok(existsSync(join(BACKENDS, datasources)), datasources);
      const sources = readDataSources(datasources.split('/').at(-1) ?? '');
      const tenants = new Set(sources.map(({ secureJsonData }) => secureJsonData?.httpHeaderValue1));
      assert.deepEqual([...tenants], several ? ['stage', 'prod'] : [undefined]);
    });
  }

  it('is that of the versions that Compose has', () => {
    const images = readEnv();
    const { values: loki } = releaseOf('default', 'loki');
    assert.equal(`grafana/loki:${valueAt(loki, 'loki.image.tag')}`, images.LOKI_IMAGE);
    const { values: pyroscope } = releaseOf('default', 'pyroscope');
    assert.equal(`grafana/pyroscope:${valueAt(pyroscope, 'pyroscope.image.tag')}`, images.PYROSCOPE_IMAGE);
    const { values: grafana } = releaseOf('default', 'grafana');
    assert.equal(`grafana/grafana:${valueAt(grafana, 'image.tag')}`, images.GRAFANA_IMAGE);
    const { values: distributed } = releaseOf('default', 'mimir-distributed');
    assert.equal(`grafana/mimir:${valueAt(distributed, 'image.tag')}`, images.MIMIR_IMAGE);
    assert.match(
      readFileSync(join(BACKENDS, 'charts/mimir/values.yaml'), 'utf8'),
      new RegExp(`${images.MIMIR_IMAGE}\n`),
    );
  });
});

function releaseOf(environment: string, name: string): Release {
  const found = releasesOf(environment).find((release) => release.name === name);
  assert.ok(found, `${environment}: no ${name}`);
  return found;
}

/** Of a duration as Prometheus and Go write it. */
function hours(duration: unknown): number {
  const [, count, unit] = /^(\d+)([hd])$/.exec(String(duration)) ?? [];
  return Number(count) * (unit === 'd' ? 24 : 1);
}
