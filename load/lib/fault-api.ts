import http, { type RefinedResponse } from 'k6/http';
import { endRun } from './end-run.ts';
import { type FieldError, fieldErrorsIn } from './field-errors.ts';
import type { Settings, Target } from './settings.ts';

// `/admin/faults` of the services (docs/faults.md). What cannot be done ends the run, with what to do about it.

type Method = 'GET' | 'PUT' | 'DELETE';
type Answer = RefinedResponse<'text'>;

/** The text of the answer. */
export function callFaultApi(target: Target, settings: Settings, method: Method, faults?: object[]): string {
  const response = send(target, settings, method, faults);
  if (response.status < 200 || response.status >= 300) refused(target, explain(response));
  return String(response.body ?? '');
}

/**
 * Ends the run when the service would not take these rules. A list with a bad rule changes nothing, and the answer names
 * what is bad in the others, too: so that is known before the run, and not in the middle of it.
 */
export function requireTaken(target: Target, settings: Settings, faults: object[]): void {
  const response = send(target, settings, 'PUT', [...faults, {}]);
  const errors = response.status === 400 ? fieldErrorsIn(String(response.body)) : undefined;
  const ofThese = errors?.filter(({ field }) => !field.startsWith(`faults/${faults.length}/`));
  if (ofThese === undefined) refused(target, explain(response));
  else if (ofThese.length > 0) {
    const cap = settings.cap === undefined ? '' : `; this run was given --cap ${settings.cap} (CAP)`;
    refused(target, `${inWords(ofThese)}${cap}`);
  }
}

function send({ url }: Target, { adminToken }: Settings, method: Method, faults?: object[]): Answer {
  return http.request(method, `${url}/admin/faults`, faults === undefined ? null : JSON.stringify({ faults }), {
    headers: {
      authorization: `Bearer ${adminToken}`,
      ...(faults !== undefined && { 'content-type': 'application/json' }),
    },
    responseType: 'text',
    tags: { name: `${method} /admin/faults`, to: 'admin' },
    timeout: '10s',
  });
}

function refused({ name, url }: Target, why: string): never {
  endRun(`${name} at ${url}: ${why}`);
}

function explain(response: Answer): string {
  const { status, error, body } = response;
  if (status === 401) return 'it has another FAULTS_ADMIN_TOKEN than this run: set the one that it was started with';
  if (status === 404) return 'it takes no faults: start it with FAULTS_ADMIN_TOKEN';
  if (status === 0) return `no answer (${error})`;
  const errors = status === 400 ? fieldErrorsIn(String(body)) : undefined;
  if (errors !== undefined) return inWords(errors);
  return `it refused the faults with ${status}: ${body}`;
}

function inWords(errors: FieldError[]): string {
  return `it cannot do this: ${errors.map(({ field, detail }) => `${field} ${detail}`).join('; ')}`;
}
