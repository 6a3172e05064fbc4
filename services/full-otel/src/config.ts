import { readConfig } from '@clew/service';

/** The settings of this service: its defaults, and what the environment says. */
export const config = readConfig({ PORT: 8080, LOG_OUTPUT: 'otlp' });
