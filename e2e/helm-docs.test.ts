import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { type KubeObject, readObjects, workloads } from '../test/helm/support/objects.ts';
import { refused } from './helm/kubeconform.ts';
import { NEWEST } from './helm/schema-sources.ts';
import { findProgram, needed } from './support/programs.ts';

const { leftOut, needAll } = needed('helm', 'kubeconform');

// What docs/kubernetes.md tells to type, as far as Helm can do it without a cluster, and the manifests that it shows.

const ROOT = join(import.meta.dirname, '..');
const page = readFileSync(join(ROOT, 'docs/kubernetes.md'), 'utf8');
const blocks = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, text = '']) => ({
  language,
  text,
}));
const commands = blocks
  .filter(({ language }) => language === 'sh')
  .flatMap(({ text }) => text.replaceAll(/\\\n */g, '').split('\n'))
  .filter((line) => line.startsWith('helm '))
  .map((line) => line.replace(/ # .*/, ''));
/** What only an upgrade has. */
const OF_UPGRADE = ['--reset-then-reuse-values', '--rollback-on-failure'];

describe('docs/kubernetes.md', { skip: leftOut }, () => {
  before(needAll);

  it('has every kind of command', () => {
    const kinds = new Set(commands.map((command) => command.split(' ')[1]));
    assert.deepEqual(kinds, new Set(['install', 'test', 'upgrade', 'history', 'rollback', 'uninstall']));
  });

  for (const command of commands) {
    it(`${command}: has only options that there are`, async () => {
      const [, kind = ''] = command.split(' ');
      const { stdout } = await helm([kind, '--help']);
      for (const [option] of command.matchAll(/(?<= )--?[a-z][a-z-]*(?=[ =]|$)/g)) {
        assert.match(stdout, new RegExp(`^ +(-\\w, )?${option}\\b|^ +${option}, `, 'm'), option);
      }
    });
  }

  it('its installs and upgrades render, each with what was set before', async () => {
    const set: string[] = [];
    const releases: KubeObject[][] = [];
    for (const command of commands.filter((one) => /^helm (install|upgrade) /.test(one))) {
      const [, , ...words] = wordsOf(command);
      const args = words.filter((word) => !OF_UPGRADE.includes(word));
      const { stdout } = await helm(['template', ...args, ...set]);
      set.push(...args.filter((word, index) => isSet(word) || isSet(args[index - 1])));
      releases.push(readObjects(stdout));
    }
    const [installed = [], verified = [], last = []] = releases;
    const podsOf = (objects: KubeObject[]) =>
      workloads(objects).map(({ template }) => template.spec.containers[0] ?? assert.fail());
    const rates = [installed, last].map((objects) =>
      podsOf(objects).flatMap(({ env = [] }) => env.find(({ name }) => name === 'RATE')?.value ?? []),
    );
    assert.deepEqual(rates, [['0.2'], ['0.5']]);
    const args = podsOf(verified).map((container) => container.args?.join(' ') ?? '');
    assert.ok(
      args.some((one) => one.endsWith('--tempo http://tempo.monitoring:3200 --skip request-counts --tail-sampled')),
    );
  });

  it('its Application is one, and what it sets renders with tests that Argo CD runs', async () => {
    const text =
      blocks.find(({ language, text }) => language === 'yaml' && text.includes('kind: Application'))?.text ?? '';
    assert.deepEqual(refused(new Map([['Application', text]]), NEWEST), { problems: [], valid: 1 });
    const { metadata, spec } = parse(text, { merge: true });
    const { path, helm: of } = spec.source;
    assert.equal(of.releaseName, metadata.name);
    const files = of.valueFiles.flatMap((file: string) => ['-f', join(ROOT, path, file)]);
    const args = ['template', of.releaseName, join(ROOT, path), '-n', spec.destination.namespace, ...files, '-f', '-'];
    const { stdout } = await helm(args, JSON.stringify(of.valuesObject));
    const tests = readObjects(stdout).filter(
      ({ metadata: { annotations } }) => annotations?.['helm.sh/hook'] === 'test',
    );
    assert.equal(tests.length, 4);
    for (const {
      metadata: { annotations },
    } of tests)
      assert.equal(annotations?.['argocd.argoproj.io/hook'], 'PostSync');
  });

  it('its helmfile has values that render', async () => {
    const text = blocks.find(({ language, text }) => language === 'yaml' && text.includes('releases:'))?.text ?? '';
    const [release] = parse(text).releases;
    const files = release.values
      .filter((one: unknown) => typeof one === 'string')
      .flatMap((file: string) => ['-f', file]);
    const values = Object.assign({}, ...release.values.filter((one: unknown) => typeof one === 'object'));
    const { stdout } = await helm(
      ['template', release.name, release.chart, '-n', release.namespace, ...files, '-f', '-'],
      JSON.stringify(values),
    );
    assert.ok(readObjects(stdout).some(({ metadata }) => metadata.name === 'clew-load'));
  });

  it('finds by its labels what a test leaves behind', async () => {
    const [selector = ''] = /app\.kubernetes\.io\/name=helm-test/.exec(page) ?? [];
    const [label = '', value] = selector.split('=');
    const { stdout } = await helm([
      'template',
      'clew',
      'deploy/helm/clew',
      '--set',
      'global.otlp.endpoint=http://alloy:4317',
    ]);
    const tests = readObjects(stdout).filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'] === 'test');
    assert.ok(tests.length > 0 && tests.every(({ metadata }) => metadata.labels?.[label] === value));
  });
});

function isSet(word: string | undefined): boolean {
  return word === '--set' || word === '--set-json';
}

/** As a shell would split it: quotes hold together. */
function wordsOf(command: string): string[] {
  return (command.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", ''));
}

async function helm(args: string[], input = ''): Promise<{ stdout: string }> {
  const running = promisify(execFile)(findProgram('helm') ?? 'helm', args, { cwd: ROOT, maxBuffer: 2 ** 24 });
  running.child.stdin?.end(input);
  return running;
}
