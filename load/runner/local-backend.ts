const USUAL = 'http://127.0.0.1:4320';
const TIMEOUT_MS = 2000;

export interface LocalBackend {
  api: string;
  /** Where it takes OTLP over HTTP. */
  otlpHttp: string;
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
    const { otlp } = Object(await response.json()) as { otlp?: { http?: string } };
    if (otlp?.http !== undefined) return { api, otlpHttp: otlp.http };
  } catch {} // said below, where it matters
  if (given === undefined) return undefined;
  throw new Error(`--backend ${given}: no local backend answers there; npm start shows where it is`);
}
