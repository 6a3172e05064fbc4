import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { parse } from 'yaml';
import { alloyInvariants, brokenAlloy } from '../test/helm/support/alloy/invariants.ts';
import { type AlloyRelease, FOLDER, releases } from '../test/helm/support/alloy/releases.ts';
import { mergeValues, type Values, valueProblems } from '../test/helm/support/alloy/values.ts';
import { HELM } from '../test/helm/support/charts.ts';
import { broken } from '../test/helm/support/invariants.ts';
import { type KubeObject, named, readObjects } from '../test/helm/support/objects.ts';
import { codesIn, tableUnder } from '../test/markdown.ts';
import { breaks } from './helm/alloy-breaks.ts';
import { chart, MONITORING, renderAlloy, renderByOperator } from './helm/alloy-chart.ts';
import { installedByReadme } from './helm/alloy-commands.ts';
import { refused } from './helm/kubeconform.ts';
import { objectsIn } from './helm/render.ts';
import { kubernetes, NEWEST } from './helm/schema-sources.ts';
import { findProgram, needed } from './support/programs.ts';

const { leftOut, needAll } = needed('helm', 'kubeconform', 'alloy-check');

/** What the restricted standard, and what this project asks beyond it, has against a role. */
const ALLOWED: Record<string, RegExp> = {
  // Log files of the node are root's, and on its disk.
  logs: /volume of the kind hostPath|runAsUser is 0|runAsNonRoot is (false|not true)|automountServiceAccountToken/,
};
/** It asks the API. */
const TOKEN = /clew: automountServiceAccountToken/;
const OF_THE_CLUSTER = ['ClusterRole', 'ClusterRoleBinding'];

describe('Alloy on Kubernetes', { skip: leftOut }, () => {
  before(needAll);

  for (const version of Object.keys(kubernetes)) {
    describe(`on Kubernetes ${version}`, () => {
      const manifests = new Map<string, string>();

      for (const one of releases) {
        it(`${one.role}: renders, and holds together`, async () => {
          const { code, stdout, stderr } = await renderAlloy(one, version);
          assert.equal(code, 0, stderr);
          manifests.set(one.role, stdout);
          const objects = readObjects(stdout);
          const inNamespace = objects.filter(({ kind }) => !OF_THE_CLUSTER.includes(kind));
          assert.equal(objects.length - inNamespace.length, 2);
          const problems = broken(inNamespace, MONITORING);
          const restricted = problems.every((problem) => TOKEN.test(problem));
          assert.equal(standardOf(one), restricted ? 'restricted' : 'privileged');
          assert.deepEqual(
            problems.filter((problem) => !(ALLOWED[one.role] ?? TOKEN).test(problem)),
            [],
          );
          assert.deepEqual(brokenAlloy(one)(objects, MONITORING), []);
        });
      }

      it('takes all of it, field by field', () => {
        const { problems, valid } = refused(manifests, version);
        assert.deepEqual(problems, []);
        assert.ok(valid > 5 * releases.length);
      });
    });
  }

  for (const one of releases) {
    it(`${one.role}: what the chart makes of its configuration has no findings`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'clew-alloy-'));
      try {
        const file = join(folder, 'config.alloy');
        const config = (await objectsOf(one)).find(({ kind }) => kind === 'ConfigMap');
        writeFileSync(file, `${config?.data?.['config.alloy']}\n`);
        const { stdout, stderr, error } = spawnSync(findProgram('alloy-check') ?? '', [file], { encoding: 'utf8' });
        assert.ifError(error);
        assert.match(stderr, / 0 findings/, stdout);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    it(`${one.role}: its object for the operator renders the same`, async () => {
      const text = readFileSync(join(FOLDER, 'operator', `${one.role}.yaml`), 'utf8');
      const { apiVersion, kind, metadata, spec } = parse(text);
      assert.deepEqual([apiVersion, kind, metadata.name], ['collectors.grafana.com/v1alpha1', 'Alloy', one.name]);
      const { code, stdout, stderr } = await renderByOperator(metadata.name, spec);
      assert.equal(code, 0, stderr);
      const expected = (await objectsOf(one)).filter((object) => object.kind !== 'ConfigMap');
      assert.deepEqual(readObjects(stdout), expected);
    });
  }

  it('is given values that the chart has, and that change something', () => {
    const valuesIn = (file: string): Values => parse(readFileSync(file, 'utf8'), { merge: true });
    const defaults = valuesIn(join(chart(), 'values.yaml'));
    for (const { valuesFiles } of releases) {
      valuesFiles.reduce((below, file) => {
        const values = valuesIn(join(FOLDER, file));
        const problems = valueProblems(values, defaults, below);
        // Older charts, which the operator has, are without.
        assert.deepEqual(
          problems.filter((problem) => !problem.startsWith('configReloader.securityContext')),
          [],
          file,
        );
        return mergeValues(below, values);
      }, defaults);
    }
  });

  it('is where the charts of clew send to', async () => {
    const pages = ['README.md', 'values.yaml', '../service/values.yaml'];
    const told = pages.flatMap(
      (page) => readFileSync(join(HELM, 'clew', page), 'utf8').match(/http:\/\/alloy\.[\w.:-]+/g) ?? [],
    );
    const [all = assert.fail()] = releases;
    const service = (await objectsOf(all)).find(({ kind }) => kind === 'Service');
    const ports = (service?.spec?.ports ?? []).map(({ port }) => port);
    assert.deepEqual(ports, [12345, 4317, 4318]);
    assert.ok(told.length > 2);
    for (const endpoint of told) {
      assert.ok(
        ports.some((port) => endpoint === `http://${service?.metadata.name}.${MONITORING}:${port}`),
        endpoint,
      );
    }
  });

  it('of two tenants does not meet, when releases have the name of the tenant', async () => {
    const [stage, prod]: [KubeObject[], KubeObject[]] = [[], []];
    for (const one of releases) {
      for (const [tenant, objects] of Object.entries({ stage, prod })) {
        const where = { name: `alloy-${tenant}-${one.role}`, namespace: `alloy-${tenant}` };
        objects.push(...(await objectsOf(one, where)));
      }
    }
    const shared = (objects: KubeObject[]) => objects.filter(({ kind }) => OF_THE_CLUSTER.includes(kind)).map(named);
    assert.equal(shared(stage).length, 2 * releases.length);
    assert.deepEqual(
      shared(stage).filter((name) => shared(prod).includes(name)),
      [],
    );
    assert.doesNotMatch(JSON.stringify(stage), /\bprod\b/);
  });

  it('has commands that install what the README says', () => {
    const installed = installedByReadme().map((objects) =>
      objects.filter(({ spec }) => spec?.template !== undefined).map(({ metadata }) => metadata.name),
    );
    const tenants = ['stage', 'prod'].flatMap((tenant) =>
      ['metrics', 'logs', 'traces', 'alerts-by-tenant', 'events'].map((role) => `alloy-${tenant}-${role}`),
    );
    assert.deepEqual(
      installed.filter((names) => names.length > 0),
      [['alloy'], ['alloy-metrics', 'alloy-logs', 'alloy-traces', 'alloy-alerts'], ['alloy'], tenants],
    );
  });

  it('is installed in the version that was checked', () => {
    const { version } = parse(readFileSync(join(chart(), 'Chart.yaml'), 'utf8'));
    const told = readFileSync(join(FOLDER, 'README.md'), 'utf8').match(/grafana\/alloy --version \S+/g) ?? [];
    assert.ok(told.length > 0);
    for (const command of told) assert.equal(command, `grafana/alloy --version ${version}`);
  });

  describe('each invariant is seen to fail', () => {
    it('and no other is left', () => assert.deepEqual(Object.keys(breaks), Object.keys(alloyInvariants)));

    for (const [invariant, ways] of Object.entries(breaks)) {
      for (const [name, [role, breakIt]] of Object.entries(ways)) {
        it(`${invariant}: ${name}`, async () => {
          const one = releases.find((release) => release.role === role) ?? assert.fail(role);
          const objects = await objectsOf(one);
          const find = (kind: string) => objects.find((object) => object.kind === kind) ?? assert.fail(`no ${kind}`);
          breakIt(find, objects);
          const problems = brokenAlloy(one)(objects, MONITORING);
          const found = problems.some((problem) => problem.startsWith(`${invariant}: `));
          assert.ok(found, problems.join('\n') || 'nothing is said to be broken');
        });
      }
    }
  });
});

/** Of Pod Security, as the README has it. */
function standardOf({ role }: AlloyRelease): string | undefined {
  const rows = tableUnder(readFileSync(join(FOLDER, 'README.md'), 'utf8'), 'Roles');
  return rows.find((row) => codesIn(row.role)[0] === role)?.['Pod Security'];
}

function objectsOf(one: AlloyRelease, where: { name?: string; namespace?: string } = {}): Promise<KubeObject[]> {
  return objectsIn(renderAlloy(one, NEWEST, where));
}
