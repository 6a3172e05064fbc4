import assert from 'node:assert/strict';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, it } from 'node:test';
import { HELP } from '../demo/src/options.ts';
import { checks } from '../packages/evidence/src/checks/all.ts';
import { configSchema, describeConfig } from '../packages/service/src/index.ts';
import { commandsIn, scripts, takes } from './docs/commands.ts';
import { defaultsOf, endpointsOf } from './docs/service.ts';
import { standardVariables } from './docs/standard-variables.ts';
import { services } from './harness/services.ts';
import { anchorsIn, codesIn, headingsIn, linksIn, type Row, tablesIn, tableUnder } from './markdown.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const glob = (...patterns: string[]) =>
  globSync(patterns, { cwd: ROOT, exclude: ['**/node_modules/**', '**/dist/**'] });
const PAGES = glob('*.md', 'docs/*.md', '{demo,bench,load,alloy,deploy}/**/*.md', '{packages,services}/*/*.md');
const FOLDERS = glob('{packages,services}/*/package.json', 'demo/package.json').map(dirname);

it('there are the pages, one for each folder, and the first one is short', () => {
  assert.ok(FOLDERS.length > 5);
  for (const page of FOLDERS.map((folder) => `${folder}/README.md`)) assert.ok(PAGES.includes(page), page);
  for (const page of ['README.md', 'CONTRIBUTING.md', 'docs/signals.md']) assert.ok(PAGES.includes(page), page);
  assert.ok(read('README.md').trimEnd().split('\n').length <= 200);
});

for (const page of PAGES) {
  const text = read(page);

  describe(page, () => {
    it('names only commands and options that exist', () => {
      for (const command of commandsIn(text)) {
        const { script, file, options } = command;
        if (script !== undefined) assert.ok(Object.hasOwn(scripts, script), `${command.text}: no such script`);
        if (file !== undefined) assert.ok(existsSync(join(ROOT, file)), `${command.text}: no such file`);
        for (const option of options) assert.ok(takes(command, option), `${command.text}: no option ${option}`);
      }
    });

    it('names only files and folders that exist', () => {
      for (const path of codesIn(text).filter((code) => looksLikePath(code, page))) {
        const depth = path.includes('/') ? '' : '**'; // a bare name is somewhere below
        const places = [dirname(page), '.', 'services/*'].map((base) => join(base, depth, path));
        assert.ok(glob(...places).length > 0, `${path} is neither beside the page nor in the root`);
      }
    });

    it('has only links that lead somewhere', () => {
      for (const target of linksIn(text).filter((link) => !link.startsWith('https://'))) {
        const [path = '', anchor] = target.split('#');
        const file = path === '' ? page : normalize(join(dirname(page), path));
        assert.ok(existsSync(join(ROOT, file)), target);
        if (anchor !== undefined) assert.ok(anchorsIn(read(file)).includes(anchor), `${target}: no such heading`);
      }
    });

    it('names only settings that exist', () => {
      const ofTables = tablesIn(text).flatMap((rows) => rows.flatMap((row) => codesIn(row.variable)));
      const elsewhere = codesIn(text).flatMap((code) => code.match(/\bOTEL_\w+/g) ?? []);
      for (const name of [...ofTables, ...elsewhere]) {
        const known = standardVariables.includes(name) || Object.hasOwn(configSchema.properties, name);
        assert.ok(known || /^OTEL_\w*_$/.test(name), `${name}: no such variable`); // OTEL_BSP_* names several
      }
    });
  });
}

it('README.md has the checks that there are', () => {
  const rows = tableUnder(read('README.md'), 'What is proven, and how');
  assert.deepEqual(
    firstCodes(rows),
    checks.map(({ name }) => name),
  );
});

it('demo/README.md has the options of npm start', () => {
  const options = [...HELP.matchAll(/^ {2}(--[a-z-]+(?: [A-Z]+)?)/gm)].map(([, option]) => option);
  assert.ok(options.length > 5);
  assert.deepEqual(firstCodes(tableUnder(read('demo/README.md'), 'Run')), options);
});

for (const { name } of services) {
  const page = `services/${name}/README.md`;
  const defaults = await defaultsOf(name);

  it(`README.md has the endpoints that ${name} lists`, async () => {
    const endpoints = await endpointsOf(name, defaults.own);
    assert.ok(endpoints.length > 5);
    assert.deepEqual(new Set(firstCodes(tableUnder(read('README.md'), 'Endpoints'))), new Set(endpoints));
  });

  it(`${page} has every setting of clew, with the default of this service`, () => {
    const settings = describeConfig(defaults.own).map((setting) => [setting.name, setting.default]);
    const rows = tableUnder(read(page), 'Own variables');
    assert.deepEqual(
      rows.map((row) => [codesIn(row.variable)[0], codesIn(row.default)[0] ?? '']),
      settings,
    );
  });

  it(`${page} has every standard variable that env.ts sets, with its value`, () => {
    assert.ok(Object.keys(defaults.standard).length > 5);
    const rows = tableUnder(read(page), 'What `env.ts` sets unless you do');
    const documented = rows.map((row) => [codesIn(row.variable)[0], codesIn(row.value)[0]]);
    assert.deepEqual(Object.fromEntries(documented), defaults.standard);
  });

  it(`${page} lists the files that are to be copied`, () => {
    const files = readdirSync(join(ROOT, `services/${name}/src/telemetry`));
    const documented = firstCodes(tableUnder(read(page), 'Files to copy'));
    assert.deepEqual(new Set(documented), new Set(files.map((file) => `src/telemetry/${file}`)));
  });

  it(`${page} has the sections that the other services have`, () => {
    assert.deepEqual(headingsIn(read(page)).slice(1), headingsIn(read('services/full-otel/README.md')).slice(1));
  });
}

/** A bare file name, or several parts of which the first is a folder of the root or beside the page. */
function looksLikePath(code: string, page: string): boolean {
  if (!/^\.?[\w@*{},.-]+(\/[\w@*{},.-]+)*\/?$/.test(code) || /node_modules|\bdist\b/.test(code)) return false;
  if (/\.(ts|mjs|json|md|yaml)$/.test(code)) return true;
  const [first = '', ...rest] = code.split('/');
  return rest.length > 0 && [dirname(page), '.'].some((base) => existsSync(join(ROOT, base, first)));
}

function firstCodes(rows: Row[]): (string | undefined)[] {
  return rows.map((row) => codesIn(Object.values(row)[0])[0]);
}
