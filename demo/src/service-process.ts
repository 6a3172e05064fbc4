import { type Child, type ChildOptions, startChild } from './child.ts';

const READY_TIMEOUT_MS = 20_000;

/** A running service: where its API and, for prom-otel, its metrics are. */
export interface ServiceProcess extends Child {
  url: string;
  metricsUrl: string | undefined;
}

/**
 * Starts `services/<name>` from source and resolves when it takes requests.
 *
 * @param name folder below services/
 * @param env settings on top of this process's own; `PORT=0` takes a free port
 * @param options `onLine` sees every line of its stdout; `watch` starts it again when its code changes
 * @throws when it ends or says nothing within 20 s, with its last lines
 */
export async function startService(
  name: string,
  env: Record<string, string>,
  { onLine, watch = false }: Pick<ChildOptions, 'onLine' | 'watch'> = {},
): Promise<ServiceProcess> {
  let metricsUrl: string | undefined;
  const child = startChild({
    name,
    file: `${import.meta.dirname}/../../services/${name}/src/main.ts`,
    env: { HOST: '127.0.0.1', ...env },
    watch,
    onLine(line) {
      metricsUrl ??= portIn(line, 'metrics listening');
      onLine?.(line);
    },
  });
  const url = await child.waitForLine((line) => portIn(line, 'server listening'), READY_TIMEOUT_MS);
  return { ...child, url, metricsUrl: metricsUrl && `${metricsUrl}/metrics` };
}

function portIn(line: string, message: string): string | undefined {
  if (!line.includes(message)) return undefined;
  try {
    const fields = JSON.parse(line) as { msg?: string; 'server.port'?: number };
    return fields.msg === message ? `http://127.0.0.1:${fields['server.port']}` : undefined;
  } catch {
    return undefined;
  }
}
