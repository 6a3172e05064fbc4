import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { customResources, kubernetes, type SchemaSource } from './schema-sources.ts';
import { type JsonSchema, kindsOf, kindsOfCustomResource } from './strict-schema.ts';

const KEPT = join(import.meta.dirname, '..', '..', '.tools', 'schemas');

/** The name of an object's schema, as kubeconform puts it together. */
export const FILE_NAME = '{{.ResourceKind}}{{.KindSuffix}}.json';

/**
 * Schemas of one version of Kubernetes and of the custom resources, made from the Go modules that publish them unless
 * they are there.
 *
 * @returns their folder
 * @throws when there is no Go, or a module is not what was pinned
 */
export function schemasFor(version: string): string {
  const source = kubernetes[version];
  if (source === undefined) throw new Error(`${version}: no schemas; there are ${Object.keys(kubernetes).join(', ')}`);
  const sources = [source, ...customResources];
  const folder = join(KEPT, version);
  const stamp = join(folder, 'made-from.json');
  const made = JSON.stringify(sources);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === made) return folder;

  const fresh = `${folder}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  const [swagger = ''] = filesOf(source);
  const { definitions }: { definitions: Record<string, JsonSchema> } = JSON.parse(swagger);
  const custom = customResources.flatMap(filesOf).flatMap((text) => kindsOfCustomResource(parse(text), definitions));
  for (const [file, schema] of [...kindsOf(definitions), ...custom]) {
    writeFileSync(join(fresh, file), JSON.stringify(schema));
  }
  writeFileSync(join(fresh, 'made-from.json'), made);
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
  return folder;
}

/** The texts of a source's files. @throws when there is no Go, or the module is not what was pinned */
export function filesOf({ files, ...module }: SchemaSource): string[] {
  const folder = folderOf(module);
  return files.map((file) => readFileSync(join(folder, file), 'utf8'));
}

/** The folder of a Go module. @throws when there is no Go, or the module is not what was pinned */
export function folderOf({ module, version, sum }: Omit<SchemaSource, 'files'>): string {
  const { Dir, Sum } = download(`${module}@${version}`);
  if (Sum !== sum) throw new Error(`${module}@${version} is ${Sum}, and not ${sum}`);
  return Dir;
}

function download(module: string): { Dir: string; Sum: string } {
  // Outside of any module: nothing else decides about the version.
  const options = { cwd: '/', encoding: 'utf8' } as const;
  try {
    return JSON.parse(execFileSync('go', ['mod', 'download', '-json', module], options));
  } catch (error) {
    throw new Error(`${module}, which has schemas, could not be fetched with Go 1.26: ${error}`, { cause: error });
  }
}
