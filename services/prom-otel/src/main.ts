// biome-ignore-all assist/source/organizeImports: in this order, and no other, what comes later finds what it needs
import { config } from './config.ts'; // first: bad settings end the process before anything starts
import * as telemetry from './telemetry/index.ts'; // second: the SDK starts before the application is loaded
import { run } from '@clew/service';
import { buildApp } from './app.ts';

await run({ app: await buildApp({ config, telemetry }), config, telemetry });
