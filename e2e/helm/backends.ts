import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { BACKENDS, type Release } from '../../test/helm/support/helmfile.ts';
import { type KubeObject, readObjects } from '../../test/helm/support/objects.ts';
import { chart as alloyChart } from './alloy-chart.ts';
import { type Answer, helm } from './render.ts';
import { folderOf } from './schemas.ts';

/** Where `node clew.mjs e2e/helm/backends-fetch.ts` puts charts. */
export const FETCHED = join(import.meta.dirname, '../../.tools/charts');

/** Has Mimir's chart, and the description of its configuration. */
export const MIMIR = {
  module: 'github.com/grafana/mimir',
  version: 'v1.3.1-0.20260423142704-aced80d74930',
  sum: 'h1:uegeb+I1faUHNHi8rBl+hJpdaYB2DGlZdZsu1gV7lk0=',
};

const MINIO = {
  module: 'github.com/minio/minio',
  version: 'v0.0.0-20260212201848-7aac2a2c5b7c',
  sum: 'h1:/qdoYujxF5MBLDMVLeiYJ/7fBa1HikX39Dvzb9Ji8pA=',
};

/** Charts that can be had without their repositories: they lie in Go modules, not always in the version of helmfile.yaml. */
const IN_MODULES: Record<string, () => string> = {
  'grafana/alloy': alloyChart,
  'grafana/mimir-distributed': () => join(folderOf(MIMIR), 'operations/helm/charts/mimir-distributed'),
  'minio/minio': () => join(folderOf(MINIO), 'helm/minio'),
};

/** Releases that look into the node, which Pod Security forbids by every level but privileged. */
export const PRIVILEGED = ['alloy-logs', 'alloy-stage-logs', 'alloy-prod-logs', 'beyla', 'kube-prometheus-stack'];
/** Kinds whose definitions are not here. */
export const UNKNOWN = ['Gateway', 'GatewayClass'];

export interface Chart {
  /** A folder or an archive. */
  path: string;
  name: string;
  version: string;
}

/** The chart of a release, in its own version when it was fetched; undefined when there is none here. */
export function chartOf({ chart, version }: Release): Chart | undefined {
  if (chart.startsWith('.')) return read(join(BACKENDS, chart));
  const fetched = join(FETCHED, `${basename(chart)}-${version}`);
  if (existsSync(fetched)) return read(join(fetched, basename(chart)));
  const folder = IN_MODULES[chart]?.();
  return folder === undefined ? undefined : read(folder);
}

function read(path: string): Chart {
  const { name, version } = parse(readFileSync(join(path, 'Chart.yaml'), 'utf8'));
  return { path, name, version };
}

/** Renders a release as helmfile would install it. */
async function renderRelease(release: Release, chart: Chart, kubernetes: string): Promise<Answer> {
  const { name, namespace, values, texts } = release;
  const files = Object.entries(texts).map(([key, file]) => `${key}=${join(BACKENDS, file)}`);
  const folder = mkdtempSync(join(tmpdir(), 'clew-chart-'));
  try {
    const path = withoutMissing(chart.path, folder);
    const args = ['template', name, path, '-n', namespace, '--kube-version', kubernetes, '--skip-tests'];
    return await helm([...args, ...files.flatMap((file) => ['--set-file', file])], { name, chart: '', values });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The chart without those that it depends on and that are not there: our values switch them off. */
function withoutMissing(path: string, folder: string): string {
  const { dependencies = [], ...rest } = parse(readFileSync(join(path, 'Chart.yaml'), 'utf8'));
  const charts = join(path, 'charts');
  const here = existsSync(charts) ? readdirSync(charts) : [];
  const there = dependencies.filter(({ name }: { name: string }) =>
    here.some((file) => file === name || (file.startsWith(`${name}-`) && file.endsWith('.tgz'))),
  );
  if (there.length === dependencies.length) return path;
  const copy = join(folder, basename(path));
  cpSync(path, copy, { recursive: true, dereference: true });
  writeFileSync(join(copy, 'Chart.yaml'), stringify({ ...rest, dependencies: there }));
  rmSync(join(copy, 'Chart.lock'), { force: true });
  return copy;
}

export interface Rendered {
  release: Release;
  chart: Chart;
  objects: KubeObject[];
}

const answers = new Map<string, Promise<KubeObject[]>>();

/** Renders releases, as far as there are charts; one that several environments have, only once. */
export async function renderAll(releases: Release[], kubernetes: string): Promise<Rendered[]> {
  const all: Rendered[] = [];
  for (const release of releases) {
    const chart = chartOf(release);
    if (chart === undefined) continue;
    const key = JSON.stringify([release, kubernetes]);
    const answer = answers.get(key) ?? objectsOf(release, chart, kubernetes);
    answers.set(key, answer);
    all.push({ release, chart, objects: await answer });
  }
  return all;
}

async function objectsOf(release: Release, chart: Chart, kubernetes: string): Promise<KubeObject[]> {
  const { code, stdout, stderr } = await renderRelease(release, chart, kubernetes);
  if (code !== 0) throw new Error(`${release.namespace}/${release.name} is not rendered: ${stderr}`);
  return readObjects(stdout);
}
