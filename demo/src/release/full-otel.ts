import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startService } from '../service-process.ts';
import { type Gateway, startGateway } from './gateway.ts';

const PACKAGE = join(import.meta.dirname, '../../../services/full-otel/package.json');

/**
 * A gateway in front of instances of full-otel of its own: those that others use are not restarted by a release.
 *
 * @param options.port 0: any free one
 * @param options.token `FAULTS_ADMIN_TOKEN`
 * @param options.env settings of every instance
 */
export function releaseFullOtel(options: {
  port: number;
  token: string;
  env: Record<string, string>;
}): Promise<Gateway> {
  const { version: stable } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string };
  const given = process.env.OTEL_RESOURCE_ATTRIBUTES;
  return startGateway({
    port: options.port,
    token: options.token,
    stable,
    start: (version, faults) =>
      startService('full-otel', {
        ...options.env,
        PORT: '0',
        DRAIN_DELAY: '1000', // the gateway needs far less to look elsewhere
        OTEL_RESOURCE_ATTRIBUTES: [given, `service.version=${version}`].filter(Boolean).join(','),
        ...(faults !== undefined && { FAULTS: faults }),
      }),
  });
}
