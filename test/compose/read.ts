import { readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { parse } from 'yaml';

export const COMPOSE = join(import.meta.dirname, '../../deploy/compose');

export interface Service {
  image?: string;
  build?: { context: string; dockerfile: string; target: string; args?: Record<string, string> };
  extends?: { file: string; service: string };
  environment?: Record<string, string | number | null>;
  volumes?: string[];
  ports?: string[];
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
  profiles?: string[];
  mem_limit?: string;
}

export interface ComposeFile {
  text: string;
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
}

/** A file of deploy/compose, its services as they are after `extends`. */
export function readCompose(file: string): ComposeFile {
  const text = readFileSync(join(COMPOSE, file), 'utf8');
  const { services, volumes } = parse(text, { merge: true }) as Omit<ComposeFile, 'text'>;
  for (const [name, { extends: from, ...own }] of Object.entries(services)) {
    if (from === undefined) continue;
    const base = readCompose(from.file).services[from.service];
    if (base === undefined)
      throw new Error(`${file}: ${name} extends ${from.service}, which ${from.file} does not have`);
    services[name] = { ...base, ...own, environment: { ...base.environment, ...own.environment } };
  }
  return { text, services, volumes };
}

/** What is mounted: a file or folder of this repository, a volume, or something of the machine. */
export function mountsOf(service: Service): { source: string; target: string; ofRepository: boolean }[] {
  return (service.volumes ?? []).map((mount) => {
    const [source = '', target = ''] = mount.split(':');
    const ofRepository = source.startsWith('.');
    return { source: ofRepository ? join(COMPOSE, source) : source, target, ofRepository };
  });
}

/** The variables of .env, with their values. */
export function readEnv(): Record<string, string> {
  const text = readFileSync(join(COMPOSE, '.env'), 'utf8');
  return Object.fromEntries([...text.matchAll(/^([A-Z]\w*)=(.*)$/gm)].map(([, name, value]) => [name, value]));
}

/** `${NAME}`, `${NAME:-default}` and `${NAME:?message}` of a file, but for comments. */
export function variablesIn(text: string): { name: string; operator: string }[] {
  const code = text.replaceAll(/^\s*#.*$/gm, '');
  return [...code.matchAll(/\$\{(\w+)(:[-?])?/g)].map(([, name = '', operator = '']) => ({ name, operator }));
}

/** With its variables from .env. */
export function resolve(text: string, env = readEnv()): string {
  return text.replaceAll(/\$\{(\w+)(?::[-?][^}]*)?\}/g, (_, name: string) => env[name] ?? '');
}

/** The Dockerfile of a service that is built here. */
export function dockerfileOf({ build }: Service): string {
  if (build === undefined) throw new Error('it is not built here');
  return normalize(join(COMPOSE, build.context, build.dockerfile));
}
