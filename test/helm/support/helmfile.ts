import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { mergeValues, type Values } from './alloy/values.ts';
import { HELM } from './charts.ts';
import { isObject } from './documented-values.ts';

/** deploy/helm/backends */
export const BACKENDS = join(HELM, 'backends');

/** A release as helmfile would install it. */
export interface Release {
  name: string;
  namespace: string;
  /** A folder as `./charts/s3`, or REPOSITORY/CHART. */
  chart: string;
  version?: string;
  /** Values files that there are, in their order, below deploy/helm/backends. */
  files: string[];
  /** What the files and `valuesTemplate` come to. */
  values: Values;
  /** Values that are texts of files, by their name. */
  texts: Record<string, string>;
  /** As NAMESPACE/NAME. */
  needs: string[];
}

/** As it is written, templates not filled in. */
interface Written {
  name: string;
  namespace: string;
  chart: string;
  version?: string;
  condition?: string;
  labels?: Record<string, string>;
  inherit?: [{ template: string }];
  missingFileHandler?: 'Debug';
  values?: string[];
  valuesTemplate?: Values[];
  set?: { name: string; file: string }[];
  setTemplate?: { name: string; file: string }[];
  needs?: string[];
}

interface Helmfile {
  environments: Record<string, { values: string[] }>;
  repositories: { name: string; url: string }[];
  templates: Record<string, Omit<Written, 'name'>>;
  releases: Written[];
}

const [{ environments }, rest] = parseAllDocuments(readFileSync(join(BACKENDS, 'helmfile.yaml'), 'utf8')).map(
  (document) => document.toJS(),
) as [Pick<Helmfile, 'environments'>, Omit<Helmfile, 'environments'>];

export const environmentNames = Object.keys(environments);
export const { repositories } = rest;
/** Settings that decide whether releases are there. */
export const conditions = new Set(
  [...Object.values(rest.templates), ...rest.releases].flatMap(({ condition }) => condition ?? []),
);

/**
 * The releases of an environment, by as much of helmfile as helmfile.yaml uses.
 *
 * @param changed what `--state-values-set` would change
 * @throws when a values file is missing, or a template is more than the name of a value
 */
export function releasesOf(environment: string, changed: Values = {}): Release[] {
  const files = environments[environment]?.values ?? [];
  const state = [...files.map((file) => readValues(file)), changed].reduce(mergeValues, {});
  return rest.releases
    .map(inherited)
    .filter(({ condition }) => condition === undefined || valueAt(state, condition) === true)
    .map((release) => resolved(release, environment, state));
}

/** One of them is there; the first, unless told otherwise. */
export const S3_STORES = ['rustfs', 'seaweedfs', 'minio'];

/** Each environment, and in each the other stores in the place of the default one. */
export const variants = environmentNames.flatMap((environment) => [
  { environment, name: environment, releases: releasesOf(environment) },
  ...S3_STORES.slice(1).map((store) => ({
    environment,
    name: `${environment} with ${store}`,
    releases: releasesOf(environment, { rustfs: { enabled: false }, [store]: { enabled: true } }),
  })),
]);

/** As helmfile merges a release and its template: the template's values stay, lists are joined. */
function inherited(release: Written): Written {
  const [from] = release.inherit ?? [];
  if (from === undefined) return release;
  const above = rest.templates[from.template];
  if (above === undefined) throw new Error(`${release.name}: no template ${from.template}`);
  const lists = (['values', 'valuesTemplate', 'set', 'setTemplate', 'needs'] as const).map((key) => [
    key,
    [...(above[key] ?? []), ...(release[key] ?? [])],
  ]);
  return { ...release, ...above, ...Object.fromEntries(lists) };
}

function resolved(release: Written, environment: string, state: Values): Release {
  const known = { Release: { Name: release.name, Labels: release.labels ?? {} }, Environment: { Name: environment } };
  const fill = (text: string) => filled(text, { ...known, Values: state });
  const files = (release.values ?? []).map(fill).filter((file) => {
    if (existsSync(join(BACKENDS, file))) return true;
    if (release.missingFileHandler !== 'Debug') throw new Error(`${release.name}: no ${file}`);
    return false;
  });
  const inline = (release.valuesTemplate ?? []).map((values): Values => JSON.parse(fill(JSON.stringify(values))));
  const texts = [...(release.set ?? []), ...(release.setTemplate ?? [])].map(({ name, file }) => [name, fill(file)]);
  return {
    name: release.name,
    namespace: fill(release.namespace),
    chart: release.chart,
    ...(release.version !== undefined && { version: release.version }),
    files,
    // helmfile gives helm those of `valuesTemplate` first.
    values: [...inline, ...files.map((file) => readValues(file))].reduce(mergeValues, {}),
    texts: Object.fromEntries(texts),
    needs: release.needs ?? [],
  };
}

/** Fills in `{{ .Name.of.value }}`, of helmfile and in a chart's values. */
export function filled(text: string, values: Values): string {
  return text.replaceAll(/\{\{(.*?)\}\}/g, (whole, expression: string) => {
    const [, path] = /^ ((?:\.\w+)+) $/.exec(expression) ?? [];
    const value = path === undefined ? undefined : valueAt(values, path.slice(1));
    if (typeof value !== 'string' && typeof value !== 'boolean') throw new Error(`${whole}: not the name of a value`);
    return `${value}`;
  });
}

export function valueAt(values: Values, path: string): unknown {
  return path.split('.').reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), values);
}

function readValues(file: string): Values {
  return parse(readFileSync(join(BACKENDS, file), 'utf8'), { merge: true }) ?? {};
}
