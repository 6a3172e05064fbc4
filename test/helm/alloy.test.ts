import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { roles } from '../../alloy/roles.ts';
import { blocksOf, component, environmentOf } from '../../alloy/test/config.ts';
import { relabel } from '../../alloy/test/relabel.ts';
import { blockLinesIn, codesIn, tableUnder } from '../markdown.ts';
import { type AccessRule, accessProblems } from './support/alloy/access.ts';
import { configurationOf, FOLDER, releases, resourceOf, valuesOf } from './support/alloy/releases.ts';
import { mergeValues, valueProblems } from './support/alloy/values.ts';
import { HELM } from './support/charts.ts';

const read = (...path: string[]) => readFileSync(join(FOLDER, ...path), 'utf8');
const README = read('README.md');
const UPDATE = 'node clew.mjs e2e/helm/alloy-update.ts writes it';
/** Roles for machines without Kubernetes. */
const ELSEWHERE = ['docker', 'static'];

it('every role of Kubernetes can be installed, in both ways', () => {
  const names = releases.map(({ role }) => role).sort();
  assert.deepEqual([...names, ...ELSEWHERE].sort(), Object.keys(roles).sort());
  assert.deepEqual(readdirSync(join(FOLDER, 'config')), names.map((role) => `${role}.alloy`).sort());
  assert.deepEqual(readdirSync(join(FOLDER, 'operator')), names.map((role) => `${role}.yaml`).sort());
  const files = readdirSync(FOLDER).filter((name) => name.startsWith('values'));
  assert.deepEqual(files.sort(), [...new Set(releases.flatMap(({ valuesFiles }) => valuesFiles))].sort());
});

for (const one of releases) {
  describe(one.role, () => {
    it('has the configuration that alloy/ has', () => {
      assert.ok(read('config', `${one.role}.alloy`) === configurationOf(one.role), UPDATE);
    });

    it('is the same as an object for the operator', () => {
      assert.ok(read('operator', `${one.role}.yaml`) === resourceOf(one), UPDATE);
    });

    it('may do what its components ask for, and no more', () => {
      assert.deepEqual(accessProblems(one.role, rulesOf(valuesOf(one))), []);
    });
  });
}

describe('the check of access rights finds', () => {
  const [pods, ...others] = rulesOf(valuesOf(releases[0] ?? assert.fail()));
  assert.ok(pods);
  const found: Record<string, [rules: AccessRule[], problem: string]> = {
    'a rule that is missing': [others, 'may not list services'],
    'a verb that is missing': [[{ ...pods, verbs: ['get', 'list'] }, ...others], 'may not watch pods'],
    'one verb too many': [[{ ...pods, verbs: [...pods.verbs, 'delete'] }, ...others], 'may delete pods, which nothing'],
    'secrets of everybody': [
      [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }, pods, ...others],
      'may get secrets, which nothing',
    ],
  };
  for (const [name, [rules, problem]] of Object.entries(found)) {
    it(name, () => {
      const problems = accessProblems('kubernetes', rules);
      assert.ok(
        problems.some((text) => text.startsWith(problem)),
        problems.join('\n'),
      );
    });
  }
});

it('values are merged as Helm does it', () => {
  const below = { a: { b: 1, c: [1, 2] }, d: 'x' };
  assert.deepEqual(mergeValues(below, { a: { c: [3] }, e: {} }), { a: { b: 1, c: [3] }, d: 'x', e: {} });
});

it('values that a chart does not know are found, and those that change nothing', () => {
  const defaults = { image: { tag: null, pull: 'Always' }, alloy: { resources: {} }, list: [1] };
  const good = { image: { tag: 'v1' }, alloy: { resources: { limits: { memory: '1Gi' } } }, list: [] };
  assert.deepEqual(valueProblems(good, defaults), []);
  assert.deepEqual(valueProblems({ image: { tags: 'v1', pull: 'Always' }, alloi: {}, list: [1] }, defaults), [
    'image.tags: the chart has no such value',
    'image.pull: is so without it',
    'alloi: the chart has no such value',
    'list: is so without it',
  ]);
  assert.deepEqual(valueProblems({ image: { pull: 'Always' } }, defaults, { image: { pull: 'Never' } }), []);
});

it('is the Alloy that Compose runs', () => {
  const { image } = parse(read('values.yaml'));
  assert.match(
    readFileSync(join(HELM, '../compose/.env'), 'utf8'),
    new RegExp(`^ALLOY_IMAGE=grafana/alloy:${image.tag}$`, 'm'),
  );
});

it('traces-front finds each replica of traces, by the name of its release', () => {
  const tier = blocksOf('destinations-balanced.alloy').flatMap(environmentOf);
  const traces = releases.find(({ role }) => role === 'traces') ?? assert.fail();
  assert.deepEqual(tier, [{ name: 'TRACES_TIER', default: traces.name }]);
  // One address for each; otherwise one for all.
  assert.deepEqual(valuesOf(traces).service, { clusterIP: 'None' });
});

it('logs of two tenants on one node keep their positions apart', () => {
  const logs = releases.find(({ role }) => role === 'logs') ?? assert.fail();
  const { alloy } = valuesOf(logs) as {
    alloy: { mounts: { extra: { subPathExpr: string }[] }; extraEnv: { name: string; valueFrom: object }[] };
  };
  const [storage] = alloy.mounts.extra;
  const [, name] = /^\$\((\w+)\)$/.exec(storage?.subPathExpr ?? '') ?? [];
  const variable = alloy.extraEnv.find((one) => one.name === name);
  assert.deepEqual(variable?.valueFrom, { fieldRef: { fieldPath: 'metadata.namespace' } });
});

it('several on one node write series of their own, though all are told that it is their host', () => {
  const exported = { job: 'integrations/self', instance: 'node-1' };
  assert.equal(relabel(component('discovery.relabel', 'self.alloy'), exported)?.instance, 'alloy-0');
});

describe('README.md', () => {
  it('lists the roles, with what becomes of them', () => {
    const rows = tableUnder(README, 'Roles').map((row) => [
      codesIn(row.role)[0],
      row.kind,
      row.replicas,
      codesIn(row.release)[0],
      codesIn(row['values after `values.yaml`'])[0],
    ]);
    const expected = releases.map((one) => {
      const { controller } = valuesOf(one) as { controller: { type: string; replicas?: number } };
      const kind = controller.type === 'daemonset' ? 'DaemonSet' : 'StatefulSet';
      return [
        one.role,
        kind,
        kind === 'DaemonSet' ? 'each node' : `${controller.replicas ?? 1}`,
        one.name,
        one.valuesFiles.at(-1),
      ];
    });
    assert.deepEqual(rows, expected);
  });

  it('names only files that there are', () => {
    const commands = blockLinesIn(README).join('\n');
    const paths = commands.match(/(?:deploy|alloy)\/[\w/$.-]+\.(?:yaml|alloy)/g) ?? [];
    assert.ok(paths.length > 5);
    const all = paths.flatMap((path) =>
      path.includes('$role') ? releases.map(({ role }) => path.replace('$role', role)) : path,
    );
    // traces-by-tempo has the values of traces.
    const known = all.filter((path) => !path.endsWith('values-traces-by-tempo.yaml'));
    for (const path of known) assert.ok(existsSync(join(HELM, '../..', path)), path);
  });

  it('sets only variables that Alloy is asked for', () => {
    const known = blocksOf()
      .flatMap(environmentOf)
      .map(({ name }) => name);
    const set =
      blockLinesIn(README)
        .join('\n')
        .match(/(?<=--from-literal=)\w+/g) ?? [];
    assert.ok(set.length > 5);
    for (const name of set) assert.ok(known.includes(name), name);
  });
});

function rulesOf(values: object): AccessRule[] {
  const { rbac } = values as { rbac: { rules: AccessRule[]; clusterRules: AccessRule[] } };
  return [...rbac.rules, ...rbac.clusterRules];
}
