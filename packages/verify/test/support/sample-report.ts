import type { CheckResult } from '@clew/evidence';
import type { Report } from '../../src/report.ts';

const held: CheckResult = {
  name: 'exemplar-trace',
  title: 'every exemplar leads to its trace and span',
  status: 'holds',
  checked: 8,
  held: 8,
  rate: 1,
  minimum: 1,
  examples: [],
  uncheckable: 0,
  reasons: {},
  cause: 'a cause',
  fix: 'a fix',
};

/** One check that holds, one that falls short, one with nothing to check. */
export function sampleReport(): Report {
  return {
    verdict: 'falls-short',
    window: { since: null, until: 1_700_000_000_000_000 },
    results: [
      { ...held },
      {
        ...held,
        name: 'log-trace',
        status: 'falls-short',
        held: 7,
        rate: 7 / 8,
        examples: [{ traceId: 'ab', body: 'x' }],
      },
      {
        ...held,
        name: 'trace-logs',
        status: 'nothing-to-check',
        checked: 0,
        held: 0,
        rate: 0,
        uncheckable: 1,
        reasons: { 'no log store': 1 },
      },
    ],
    gaps: [
      { kind: 'uncheckable', signal: 'logs', reason: 'lines after the first 50', count: 1, firstUs: 1, lastUs: 1 },
    ],
  };
}
