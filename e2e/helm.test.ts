import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { cases } from '../test/helm/support/cases.ts';
import { HELM } from '../test/helm/support/charts.ts';
import { broken } from '../test/helm/support/invariants.ts';
import { readObjects } from '../test/helm/support/objects.ts';
import { wrong } from '../test/helm/support/wrong.ts';
import { refused } from './helm/kubeconform.ts';
import { lint, NAMESPACE, render, renderExample } from './helm/render.ts';
import { kubernetes, NEWEST } from './helm/schema-sources.ts';
import { needed } from './support/programs.ts';

const { leftOut, needAll } = needed('helm', 'kubeconform', 'promtool');

describe('the charts', { skip: leftOut, concurrency: 2 }, () => {
  before(needAll);

  for (const version of Object.keys(kubernetes)) {
    describe(`on Kubernetes ${version}`, { concurrency: 1 }, () => {
      const manifests = new Map<string, string>();

      for (const one of cases) {
        it(`${one.chart}, ${one.name}: renders, lints and holds together`, async () => {
          const { code, stdout, stderr } = await render(one, version);
          assert.equal(code, 0, stderr);
          assert.doesNotMatch(stderr, /level=(WARN|ERROR)/);
          manifests.set(`${one.chart}, ${one.name}`, stdout);
          const objects = readObjects(stdout);
          assert.ok(objects.length > 1);
          assert.deepEqual(broken(objects, one.namespace ?? NAMESPACE), []);
          const linted = await lint(one, version);
          assert.equal(linted.code, 0, linted.stdout);
        });
      }

      it('takes all of it, field by field', () => {
        const { problems, valid } = refused(manifests, version);
        assert.equal(manifests.size, cases.length);
        assert.deepEqual(problems, []);
        assert.ok(valid > 2 * cases.length);
      });
    });
  }

  describe('examples', () => {
    for (const one of cases.filter(({ example }) => example)) {
      it(`${one.name}: as in deploy/helm/examples`, async () => {
        const { stdout } = await renderExample(one, NEWEST);
        const kept = readFileSync(join(HELM, 'examples', `${one.name}.yaml`), 'utf8');
        assert.equal(stdout, kept, 'if this change is meant: node clew.mjs e2e/helm/update.ts');
      });
    }
  });

  describe('values that cannot work are refused, with what to do', () => {
    for (const { says, kubernetes: version = NEWEST, ...one } of wrong) {
      it(one.name, async () => {
        const { code, stderr } = await render(one, version);
        assert.notEqual(code, 0);
        for (const part of says) assert.ok(stderr.includes(part), `${part}\n is not in\n${stderr}`);
      });
    }
  });
});
