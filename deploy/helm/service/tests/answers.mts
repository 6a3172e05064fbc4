import { type Answer, ask } from './ask.mts';
import { type Check, problem } from './check.mts';
import type { Settings } from './settings.mts';
import type { Trace } from './trace.mts';

const MOST_OF_A_BODY = 200;

/** The service is ready, and answers. */
export function answers({ name, url, paths }: Settings, { id, traceparent }: Trace): Check[] {
  const ready: Check = {
    name: `GET ${url}/readyz`,
    async look() {
      const { status, body } = await ask(`${url}/readyz`);
      if (status === 200) return '200, ready';
      throw problem(`${status} ${shortened(body)}`, 'not ready: what it lacks is in its log: kubectl logs');
    },
  };
  const calls = paths.map((path) => ({
    name: `GET ${path}`,
    async look() {
      const answer = await ask(`${url}${path}`, { headers: { traceparent } });
      const { status, body } = answer;
      if (status < 200 || status > 299) {
        const advice =
          status === 404
            ? 'name paths that this service has: tests.paths'
            : 'its log has the reason, in the lines with this trace_id';
        throw problem(`${status} ${shortened(body)} (trace_id ${id})`, advice);
      }
      const called = path === '/' ? nameOf(answer) : undefined;
      if (called !== undefined && called !== name) {
        throw problem(`it calls itself ${called}, and not ${name}`, 'look at image.repository, image.tag and name');
      }
      return `${status}`;
    },
  }));
  return [ready, ...calls];
}

/** What a service that is like those of clew calls itself. */
function nameOf({ type, body }: Answer): string | undefined {
  if (!type.startsWith('application/json')) return undefined;
  try {
    const { name } = JSON.parse(body) as { name?: unknown };
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined;
  }
}

function shortened(body: string): string {
  const line = body.replaceAll(/\s+/g, ' ');
  return line.length > MOST_OF_A_BODY ? `${line.slice(0, MOST_OF_A_BODY)}...` : line;
}
