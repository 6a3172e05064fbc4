import { messageOf } from './message-of.ts';

/** Services whose faults can be switched on and off from the page. */
export interface FaultTargets {
  /** `FAULTS_ADMIN_TOKEN` of the services. No answer of this process has it. */
  token: string;
  /** Names that are all different, and where each service's `/admin/faults` is. */
  services: { name: string; url: string }[];
}

/** The faults that a service says are active; or none, and why it did not say. */
export interface FaultsOfService {
  service: string;
  faults: unknown[];
  problem?: string;
}

/** What stands between the page and the services: it has their token. */
export interface ServiceFaults {
  /** Of every service, also of those that do not answer. */
  list(): Promise<FaultsOfService[]>;
  /**
   * Puts faults in the place of those put before.
   *
   * @throws ServiceFaultsError when there is no such service, or it does not do so
   */
  put(service: string, faults: unknown[]): Promise<FaultsOfService>;
  /** Ends those that were put. Throws as `put` does. */
  clear(service: string): Promise<FaultsOfService>;
}

/** Why the faults of a service are not as they should be, in words; `statusCode` is for who asked. */
export class ServiceFaultsError extends Error {
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

/** The page updates everything else first and then waits no longer than this. */
const LIST_TIMEOUT_MS = 1000;
const CHANGE_TIMEOUT_MS = 5000;

/** What is wrong with the URL of a service, in words that do not repeat it: it may have a password. Undefined: nothing. */
export function problemOfFaultTarget(url: string): string | undefined {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) return 'give an http URL';
  const { username, password } = new URL(url);
  if (username === '' && password === '' && !/[?#]/.test(url)) return undefined;
  return 'give a URL without user, password, query and fragment';
}

/** Throws a TypeError when the token cannot be sent in a header, or a URL is not one of a service. */
export function createServiceFaults({ token, services }: FaultTargets = { token: '', services: [] }): ServiceFaults {
  for (const { name, url } of services) {
    const problem = problemOfFaultTarget(url);
    if (problem !== undefined) throw new TypeError(`fault target ${name}: ${problem}`);
  }
  // What fetch says about a bad header has its value in it.
  if (services.length > 0 && !/^[\x21-\x7e]+$/.test(token)) {
    throw new TypeError('FAULTS_ADMIN_TOKEN must be one or more ASCII characters without spaces');
  }

  async function ask(service: string, timeoutMs: number, method: string, faults?: unknown[]): Promise<FaultsOfService> {
    const url = services.find(({ name }) => name === service)?.url;
    if (url === undefined) {
      const names = services.map(({ name }) => name).join(', ') || 'none: see --fault-target';
      throw new ServiceFaultsError(404, `there is no service ${service}; those whose faults can be switched: ${names}`);
    }
    const where = `${service} at ${url}`;
    const { status, body } = await send(where, timeoutMs, `${url.replace(/\/$/, '')}/admin/faults`, {
      method,
      redirect: 'manual',
      headers: { authorization: `Bearer ${token}`, ...(faults && { 'content-type': 'application/json' }) },
      ...(faults && { body: JSON.stringify({ faults }) }),
    });
    if (status !== 200) throw refused(where, status, body);
    if (!Array.isArray(body.faults))
      throw new ServiceFaultsError(502, `${where} lists no faults: is it another program?`);
    return { service, faults: body.faults };
  }

  return {
    list: () =>
      Promise.all(
        services.map(({ name }) =>
          ask(name, LIST_TIMEOUT_MS, 'GET').catch((error: unknown) => ({
            service: name,
            faults: [],
            problem: messageOf(error),
          })),
        ),
      ),
    put: (service, faults) => ask(service, CHANGE_TIMEOUT_MS, 'PUT', faults),
    clear: (service) => ask(service, CHANGE_TIMEOUT_MS, 'DELETE'),
  };
}

/** What of the answers is read: a list of faults, or a problem (RFC 9457). */
interface Answer {
  faults?: unknown;
  detail?: unknown;
  errors?: unknown;
}

async function send(
  where: string,
  timeoutMs: number,
  url: string,
  init: RequestInit,
): Promise<{ status: number; body: Answer }> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) });
    return { status: response.status, body: parse(await response.text()) };
  } catch (error) {
    const { name, cause } = error as Error & { cause?: NodeJS.ErrnoException };
    if (name === 'TimeoutError') {
      const busy = 'it is very busy, or a fault keeps it so; faults end by themselves';
      throw new ServiceFaultsError(504, `${where} has not answered within ${timeoutMs / 1000} s: ${busy}`);
    }
    const reason = cause?.code ?? messageOf(cause ?? error);
    throw new ServiceFaultsError(502, `${where} does not answer (${reason}): is it running?`);
  }
}

function parse(text: string): Answer {
  try {
    return Object(JSON.parse(text)) as Answer;
  } catch {
    return {}; // which is told as what it lacks
  }
}

function refused(where: string, status: number, { detail, errors }: Answer): ServiceFaultsError {
  if (status === 401) {
    const why = 'has another FAULTS_ADMIN_TOKEN than the local backend: start both with the same';
    return new ServiceFaultsError(502, `${where} ${why}`);
  }
  if (status === 404) {
    return new ServiceFaultsError(502, `${where} takes no faults: start it with FAULTS_ADMIN_TOKEN`);
  }
  const fields = (Array.isArray(errors) ? errors : []).map(Object).map((error) => `${error.field} ${error.detail}`);
  const words = [...(typeof detail === 'string' ? [detail] : []), ...(fields.length > 0 ? [fields.join('; ')] : [])];
  const said = words.length === 0 ? '' : `: ${words.join(' ')}`;
  return new ServiceFaultsError(status === 400 ? 400 : 502, `${where} answered ${status}${said}`);
}
