import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { parse } from 'yaml';
import { readDataSources } from '../test/grafana/data-sources.ts';
import { environmentNames, releasesOf, valueAt } from '../test/helm/support/helmfile.ts';
import { named } from '../test/helm/support/objects.ts';
import { type StoreConfigs, storeConfigs } from '../test/helm/support/store-configs.ts';
import { type Rendered, renderAll } from './helm/backends.ts';
import { lokiProblem, noLoki } from './helm/loki-config.ts';
import { mimirProblems } from './helm/mimir-config.ts';
import { NEWEST } from './helm/schema-sources.ts';
import { needed } from './support/programs.ts';

// What the configuration has to be: test/helm/backends.test.ts.
const { leftOut, needAll } = needed('helm');

for (const environment of environmentNames) {
  describe(`the stores of deploy/helm/backends, ${environment}`, { skip: leftOut }, () => {
    const releases = releasesOf(environment).filter(({ name }) => /^(mimir|loki|tempo|pyroscope)/.test(name));
    const configs = storeConfigs(releasesOf(environment));
    /** As far as there are charts: of Mimir, always. */
    let rendered: Rendered[];

    before(async () => {
      needAll();
      rendered = await renderAll(releases, NEWEST);
      assert.ok(rendered.some(({ release }) => storeOf(release) === 'mimir'));
    });

    it('are where Alloy, Grafana and Loki look for them', () => {
      const alertmanager = String(valueAt(configs.loki, 'ruler.alertmanager_url'));
      const urls = [...readDataSources('one-tenant.yaml').map(({ url }) => url), alertmanager, 'http://tempo:4318'];
      const objects = rendered.flatMap((one) => one.objects);
      for (const { release } of rendered) {
        const own = urls.map((url) => new URL(url)).filter(({ hostname }) => hostname === storeOf(release));
        assert.ok(own.length > 0);
        for (const { hostname, port } of own) {
          const service = objects.find((object) => named(object) === `Service/${hostname}`);
          const ports = service?.spec?.ports?.map((one) => one.port) ?? [];
          assert.ok(ports.includes(Number(port)), `${hostname}:${port}: no such Service`);
        }
      }
    });

    it('have the configuration that the values say', () => {
      for (const { release, objects } of rendered) {
        const data = objects.flatMap((object) =>
          object.kind === 'ConfigMap' ? Object.entries(object.data ?? {}) : [],
        );
        const [, text = ''] = data.find(([file]) => /^(mimir|config|tempo)\.yaml$/.test(file)) ?? [];
        assert.partialDeepStrictEqual(parse(text), configs[storeOf(release)], release.name);
      }
    });

    it('have a Mimir that knows each setting, with an Alertmanager of its own', () => {
      assert.deepEqual(mimirProblems(configs.mimir), []);
      const objects = rendered.flatMap((one) => one.objects);
      const { data } = objects.find((object) => object.data?.['mimir.yaml'] !== undefined) ?? {};
      const { ruler, target = 'alertmanager' } = parse(data?.['mimir.yaml'] ?? '');
      assert.match(
        ruler.alertmanager_url,
        /\/\/(127\.0\.0\.1:9009|\S+\.mimir-alertmanager-headless\S+)\/alertmanager$/,
      );
      assert.match(target, /\balertmanager\b/);
    });

    it('have a Loki that takes its configuration', { skip: noLoki }, () => {
      const { loki } = configs;
      assert.equal(lokiProblem(loki), undefined);
      assert.match(String(lokiProblem({ ...loki, ruler: { alertmanager: 'x' } })), /alertmanager not found in type/);
    });
  });
}

function storeOf({ name }: { name: string }): keyof Omit<StoreConfigs, 'buckets'> {
  return name.replace('-distributed', '') as keyof Omit<StoreConfigs, 'buckets'>; // by the filter above
}
