import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openEvidence } from '@clew/evidence';
import { checkNames, verifyEvidence } from '../src/verify-evidence.ts';
import { writeRequest } from './support/write-request.ts';

const checks = { only: ['log-trace', 'trace-logs'] };

test('the verdict is that of all checks', (t) => {
  const evidence = openEvidence();
  t.after(() => evidence.close());
  assert.equal(verifyEvidence(evidence, checks).verdict, 'could-not-check');
  writeRequest(evidence, { traceId: 'a'.repeat(32) });
  assert.equal(verifyEvidence(evidence, checks).verdict, 'holds');
  writeRequest(evidence, { traceId: 'b'.repeat(32), logged: false });
  assert.equal(verifyEvidence(evidence, checks).verdict, 'falls-short');
  assert.equal(verifyEvidence(evidence, { ...checks, skip: ['trace-logs'] }).verdict, 'holds');
  assert.equal(verifyEvidence(evidence, { ...checks, minimum: { 'trace-logs': 0.5 } }).verdict, 'holds');
});

test('a check that is set aside has nothing to check, and says why', (t) => {
  const evidence = openEvidence();
  t.after(() => evidence.close());
  writeRequest(evidence, { traceId: 'a'.repeat(32) });
  const report = verifyEvidence(evidence, { ...checks, setAside: new Map([['trace-logs', 'no logs']]) });
  assert.deepEqual(
    report.results.map(({ status, reasons }) => [status, reasons]),
    [
      ['holds', {}],
      ['nothing-to-check', { 'no logs': 1 }],
    ],
  );
  assert.equal(report.verdict, 'could-not-check');
});

test('refuses names that are no check', (t) => {
  const evidence = openEvidence();
  t.after(() => evidence.close());
  assert.ok(checkNames().includes('exemplar-trace'));
  for (const options of [{ only: ['x'] }, { skip: ['x'] }, { minimum: { x: 1 } }]) {
    assert.throws(() => verifyEvidence(evidence, options), /no check is called x; there are exemplar-trace/);
  }
});
