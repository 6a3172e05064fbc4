const USUAL = 'http://127.0.0.1:8090';
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
const TIMEOUT_MS = 2000;
/** `Server` of its own answers. */
const GATEWAY = 'clew-gateway';

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
  let status = await askGateway(url);
  // Only now: another program that has its port is not told the token.
  if (status === 401 && token !== undefined) status = await askGateway(url, { authorization: `Bearer ${token}` });
  if (status === 200) return url;
  if (status === 401) {
    throw new Error(`the gateway at ${url} has another token: set FAULTS_ADMIN_TOKEN for npm start and for this run`);
  }
  if (given === undefined) return undefined;
  throw new Error(`--gateway ${given}: no gateway answers there; npm start shows where it is`);
}

/** Its status; undefined when nobody answers who says that it is a gateway. */
async function askGateway(url: string, headers: Record<string, string> = {}): Promise<number | undefined> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(`${url}/release`, { headers, redirect: 'manual', signal });
    await response.body?.cancel();
    return response.headers.get('server') === GATEWAY ? response.status : undefined;
  } catch {
    return undefined;
  }
}
