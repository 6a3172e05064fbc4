import { setImmediate } from 'node:timers/promises';
import { openEvidence } from '../src/index.ts';
import { evidenceOf, goodRun } from './run.ts';

/** Writes runs into the file it is given until it is ended, and says when the first is there. */
const evidence = openEvidence({ file: String(process.argv[2]) });
evidenceOf(goodRun(), evidence);
console.log('written');
for (;;) {
  await setImmediate();
  evidenceOf(goodRun(), evidence);
}
