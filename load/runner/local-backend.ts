import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';

const USUAL = 'http://127.0.0.1:4320';
const TIMEOUT_MS = 2000;

export interface LocalBackend {
  api: string;
  /** Where it takes OTLP over HTTP. */
  otlpHttp: string;
  /** The file of its evidence; undefined when that does not outlast it. */
  keptFile: string | undefined;
}

/** Whether it is in the folder that `npm start` makes, and deletes at its end (demo/src/main.ts). */
export function endsWithDemo(path: string): boolean {
  const [, folder] = /^(.*)[/\\]clew-\w{6}(?:[/\\]|$)/.exec(path) ?? [];
  return folder !== undefined && [tmpdir(), realpathSync(tmpdir())].includes(folder);
}

/**
 * The local backend, by the address of its API.
 *
 * @param given none: where it usually is, if it is there
 * @returns undefined when there is none
 * @throws when it was given and does not answer.
 */
export async function findBackend(given: string | undefined): Promise<LocalBackend | undefined> {
  const api = (given ?? USUAL).replace(/\/+$/, '');
  try {
    const response = await fetch(`${api}/api/summary`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const { otlp, file } = Object(await response.json()) as { otlp?: { http?: string }; file?: string | null };
    const keptFile = file && !endsWithDemo(file) ? file : undefined;
    if (otlp?.http !== undefined) return { api, otlpHttp: otlp.http, keptFile };
  } catch {} // said below, where it matters
  if (given === undefined) return undefined;
  throw new Error(`--backend ${given}: no local backend answers there; npm start shows where it is`);
}
