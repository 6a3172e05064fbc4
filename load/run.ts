import { runScenario } from './runner/run-scenario.ts';

process.exitCode = await runScenario(process.argv.slice(2));
