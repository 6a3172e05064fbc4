import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { BACKENDS, environmentNames, releasesOf } from '../test/helm/support/helmfile.ts';
import { findProgram } from './support/programs.ts';

const [helm, helmfile] = [findProgram('helm'), findProgram('helmfile')];
const leftOut = (helm === undefined || helmfile === undefined) && 'left out: no helm, or no helmfile, on PATH';

// The other tests read helmfile.yaml by themselves: that they read what helmfile reads.
describe('helmfile', { skip: leftOut }, () => {
  for (const environment of environmentNames) {
    it(`${environment}: has the same releases, from the same charts`, () => {
      const listed: { name: string; namespace: string; enabled: boolean; chart: string; version: string }[] =
        JSON.parse(run(environment, 'list', '--skip-charts', '--output', 'json'));
      const theirs = listed.filter(({ enabled }) => enabled);
      const ids = theirs.map(({ name, namespace, chart, version }) => `${namespace}/${name}: ${chart} ${version}`);
      const ours = releasesOf(environment).map(
        ({ name, namespace, chart, version = '' }) => `${namespace}/${name}: ${chart} ${version}`,
      );
      assert.deepEqual(new Set(ids), new Set(ours));
    });

    it(`${environment}: gives them the same values`, () => {
      const folder = mkdtempSync(join(tmpdir(), 'clew-helmfile-'));
      try {
        const files = join(folder, '{{ .Release.Namespace }}-{{ .Release.Name }}.yaml');
        run(environment, 'write-values', '--skip-deps', '--output-file-template', files);
        for (const { name, namespace, values } of releasesOf(environment)) {
          const file = join(folder, `${namespace}-${name}.yaml`);
          const theirs = existsSync(file) ? parse(readFileSync(file, 'utf8')) : {};
          assert.deepEqual(theirs, values, `${namespace}/${name}`);
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});

function run(environment: string, ...args: string[]): string {
  const env = { ...process.env, PATH: [dirname(String(helm)), process.env.PATH].join(delimiter) };
  return execFileSync(String(helmfile), ['--environment', environment, ...args], {
    cwd: BACKENDS,
    encoding: 'utf8',
    env: { ...env, HELMFILE_UPGRADE_NOTICE_DISABLED: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
