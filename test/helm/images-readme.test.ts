import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { it } from 'node:test';
import { HELM } from './support/charts.ts';
import { readImages } from './support/images.ts';

// The commands of deploy/helm/README.md under "Images", with a docker and a kind that only write down what they are asked.
const [, section = ''] = /\n## Images\n([\s\S]*?)\n## /.exec(readFileSync(join(HELM, 'README.md'), 'utf8')) ?? [];
const [build = '', ours = '', all = '', mirror = ''] = [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(
  ([, text]) => text,
);
const images = [...new Set([...readImages().values()].flat())];
const ofClew = images.filter((image) => image.startsWith('clew/'));

it('builds every image that is in no registry', () => {
  const built = asked(build).map((line) => / -t (\S+) \.$/.exec(line)?.[1]);
  assert.deepEqual(new Set(built), new Set(ofClew));
});

it('loads into a cluster what is built here, or everything', () => {
  const load = (image: string) => `kind load docker-image ${image}`;
  assert.deepEqual(asked(ours).toSorted(), ofClew.map(load).toSorted());
  const lines = asked(all);
  assert.ok(!lines.some((line) => line.includes('@')), 'kind loads no image by its digest');
  for (const image of images) {
    const [name = ''] = image.split('@');
    assert.ok(lines.includes(load(name)), image);
    assert.equal(lines.includes(`docker pull ${name}`), !ofClew.includes(image), image);
  }
});

it('mirrors each under its own name', () => {
  const lines = asked(mirror);
  const own = 'registry.example.com:5000';
  const copy = (path: string, image: string) => `docker buildx imagetools create --tag ${own}/${path} ${image}`;
  for (const line of [
    copy('grafana/k6:2.2.0', 'grafana/k6:2.2.0'),
    copy('library/busybox:1.38.0', 'busybox:1.38.0'),
    copy('library/traefik:v3.7.11', 'docker.io/traefik:v3.7.11'),
    `docker push ${own}/clew/full-otel:0.1.0`,
  ]) {
    assert.ok(lines.includes(line), `${line} is not in\n${lines.join('\n')}`);
  }
  const targets = lines.map((line) => / (?:--tag|push) (\S+)/.exec(line)?.[1]).filter((target) => target !== undefined);
  assert.equal(targets.length, images.length);
  for (const target of targets) assert.match(target, /^registry\.example\.com:5000(\/[\w.-]+){2,}:[\w.-]+$/);
});

/** What docker and kind are asked by a command. */
function asked(command: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'clew-images-'));
  try {
    for (const program of ['docker', 'kind']) {
      writeFileSync(join(folder, program), `#!/bin/sh\necho "${program} $*"\n`, { mode: 0o755 });
    }
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` };
    const options = { cwd: join(HELM, '../..'), env, encoding: 'utf8' } as const;
    return execFileSync('sh', ['-c', command], options).trim().split('\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
