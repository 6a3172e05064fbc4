import { openEvidence, runChecks } from '../src/index.ts';

/** Runs the checks that it is given the names of, and says how long it took and how much memory the process had. */
const [file = '', ...only] = process.argv.slice(2);
const evidence = openEvidence({ file, readOnly: true });
const start = performance.now();
const results = runChecks(evidence, { only });
const seconds = (performance.now() - start) / 1000;
evidence.close();

const what = only.length === 1 ? only[0] : `${only.length} checks`;
const peakMb = process.resourceUsage().maxRSS / 1024;
console.log(`${String(what).padEnd(20)}${seconds.toFixed(1).padStart(7)} s${peakMb.toFixed(0).padStart(6)} MB`);
for (const { name, status, checked, held } of results) {
  if (status === 'holds') continue;
  console.log(`  ${name} ${status}: ${held} of ${checked}`);
  process.exitCode = 1;
}
