import type { Config } from '../../packages/service/src/index.ts';
import { configSchema } from '../../packages/service/src/index.ts';
import { fakeTelemetry } from '../../packages/service/test/fake-telemetry.ts';

/** What a service does where nothing is set. */
export interface Defaults {
  own: Config;
  /** The OTEL_* variables that its telemetry sets. */
  standard: Record<string, string | undefined>;
}

/** The defaults of the service in services/`name`. Once per process: modules are evaluated once. */
export async function defaultsOf(name: string): Promise<Defaults> {
  const outside = { ...process.env };
  try {
    for (const variable of Object.keys(process.env).filter(isSetting)) delete process.env[variable];
    const { config } = (await importFrom(name, 'config.ts')) as { config: Config };
    await importFrom(name, 'telemetry/env.ts');
    const set = Object.entries(process.env).filter(([variable]) => variable.startsWith('OTEL_'));
    // What the telemetry of the service sets for itself.
    const own = { ...config, LOG_OUTPUT: process.env.LOG_OUTPUT } as Config;
    return { own, standard: Object.fromEntries(set) };
  } finally {
    process.env = outside;
  }
}

/** The endpoints that `GET /` of a service lists, as `GET /path`. */
export async function endpointsOf(name: string, config: Config): Promise<string[]> {
  const { buildApp } = (await importFrom(name, 'app.ts')) as typeof import('../../services/full-otel/src/app.ts');
  const app = await buildApp({ config, telemetry: fakeTelemetry() });
  try {
    const { endpoints } = (await app.inject('/')).json<{ endpoints: { method: string; path: string }[] }>();
    return endpoints.map(({ method, path }) => `${method} ${path}`);
  } finally {
    await app.close();
  }
}

function importFrom(name: string, file: string): Promise<unknown> {
  return import(new URL(`../../services/${name}/src/${file}`, import.meta.url).href);
}

function isSetting(variable: string): boolean {
  return variable.startsWith('OTEL_') || Object.hasOwn(configSchema.properties, variable);
}
