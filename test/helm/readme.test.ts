import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { codesIn, linksIn, tablesIn } from '../markdown.ts';
import { charts, HELM } from './support/charts.ts';
import { documentedValues } from './support/documented-values.ts';
import { readObjects } from './support/objects.ts';

const read = (...path: string[]) => readFileSync(join(HELM, ...path), 'utf8');
const VALUES = '## Values\n';

for (const folder of ['.', ...charts]) {
  const [text = ''] = read(folder, 'README.md').split(VALUES);

  it(`${folder}: links lead somewhere`, () => {
    for (const link of linksIn(text).filter((target) => !target.startsWith('https://'))) {
      assert.ok(existsSync(join(HELM, folder, link.replace(/#.*/, ''))), link);
    }
  });

  if (folder === '.') continue;
  it(`${folder}: names only values and templates that there are`, () => {
    const known = charts.flatMap((chart) => documentedValues(read(chart, 'values.yaml')).map(({ path }) => path));
    const sections = known.map((path) => path.split('.')[0]);
    // These are attributes of a resource.
    const codes = codesIn(text).filter((code) => !/^service\.(name|namespace|version)$/.test(code));
    const values = codes.filter((code) => /^[\w-]+(\.\w+)+$/.test(code) && sections.includes(code.split('.')[0]));
    for (const value of values) assert.ok(known.includes(value), value);
    for (const file of codes.filter((code) => /^(templates\/|values-).*(yaml|tpl)$/.test(code))) {
      assert.ok(existsSync(join(HELM, folder, file)), file);
    }
  });
}

it('clew: lists every values file', () => {
  const listed = codesIn(read('clew', 'README.md')).filter((code) => /^values-.*\.yaml$/.test(code));
  const there = readdirSync(join(HELM, 'clew')).filter((name) => name.startsWith('values-'));
  assert.deepEqual([...new Set(listed)].sort(), there.sort());
});

it('service: lists every alert', () => {
  const rules = readObjects(read('examples', 'stage.yaml')).flatMap(({ spec }) => spec?.groups ?? []);
  const alerts = new Set(rules.flatMap((group) => group.rules.map(({ alert }) => alert)));
  const listed = tablesIn(read('service', 'README.md')).flatMap((rows) => rows.flatMap((row) => codesIn(row.alert)));
  assert.deepEqual(new Set(listed), alerts);
});
