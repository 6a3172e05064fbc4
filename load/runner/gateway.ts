const USUAL = 'http://127.0.0.1:8090';
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
const TIMEOUT_MS = 2000;

/**
 * The gateway that releases versions of the first target (demo/README.md), by its URL.
 *
 * @param options.given none: where it usually is, if it is there and the target is on this machine, too
 * @param options.target URL of the first target
 * @param options.token `FAULTS_ADMIN_TOKEN`
 * @returns undefined when there is none
 * @throws when it was given and does not answer, and when it has another token.
 */
export async function findGateway(options: {
  given: string | undefined;
  target: string;
  token: string | undefined;
}): Promise<string | undefined> {
  const { given, target, token } = options;
  if (given === undefined && !LOOPBACK.includes(new URL(target).hostname)) return undefined;
  const url = (given ?? USUAL).replace(/\/+$/, '');
  const status = await statusOf(`${url}/release`, token);
  if (status === 200) return url;
  if (status === 401) {
    throw new Error(`the gateway at ${url} has another token: set FAULTS_ADMIN_TOKEN for npm start and for this run`);
  }
  if (given === undefined) return undefined;
  throw new Error(`--gateway ${given}: no gateway answers there; npm start shows where it is`);
}

/** 0: no answer. */
async function statusOf(url: string, token: string | undefined): Promise<number> {
  try {
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    await response.body?.cancel();
    return response.status;
  } catch {
    return 0;
  }
}
