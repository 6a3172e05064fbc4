// What `helm test` runs for a service, with the service's own image: there is nothing in it but Node.
import { answers } from './answers.mts';
import { type Check, report } from './check.mts';
import { metricsPage } from './metrics-page.mts';
import { otlp } from './otlp.mts';
import { readSettings } from './settings.mts';
import { startTrace } from './trace.mts';

const settings = readSettings(process.env);
// The calls below are one trace, whose root goes the way that is tested.
const trace = startTrace(settings);
const checks: Check[] = [...answers(settings, trace), ...metricsPage(settings, trace), ...otlp(settings, trace)];

process.exitCode = (await report(settings.name, checks, settings.waitSeconds)) ? 0 : 1;
