import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatTable } from '../src/report.ts';

test('a column for each variant, and no row for what was not measured', () => {
  const figure = { median: 0.5, low: 0.4, high: 0.6 };
  const none = { spans: 0, lines: 0, points: 0 };
  const table = formatTable({
    date: '',
    machine: { cpu: 'any', cores: 2, node: 'v26.10.0' },
    long: false,
    capacity: [],
    faults: [],
    seconds: { compiling: 3.4, start: 12 },
    exemplars: [],
    start: ['bare', 'full-otel'].map((variant) => ({
      variant,
      seconds: figure,
      overBareSeconds: figure,
      idleRssMb: 99.7,
      idleSeconds: 5,
    })),
    loss: [
      {
        variant: 'full-otel',
        scenario: { name: 'too much', connections: 1, seconds: 1, mayDrop: true },
        answered: 10,
        cut: 0,
        unanswered: 2,
        missing: { ...none, spans: 4 },
        dropped: { ...none, spans: 3 },
      },
    ],
  });
  assert.equal(
    table,
    `
                                  bare                 full-otel
start to first 200, s             0.50                 0.50
  later than bare, s              0.50 (0.40 to 0.60)  0.50 (0.40 to 0.60)
RSS after 5 s idle, MB            100                  100
too much: answered                                     10, 2 unanswered
  missing spans / lines / points                       4 / 0 / 0
  of these counted as dropped                          3 / 0 / 0
took: compiling 3 s, start 12 s`.slice(1),
  );
});
