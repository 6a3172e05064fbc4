import type { ExemplarCost } from '../../packages/otel-exemplars/bench/measure.ts';
import { type Capacity, ROUTE } from './capacity.ts';
import type { Loss, Signals } from './loss.ts';
import type { Receive } from './receive.ts';
import type { Results } from './results.ts';
import type { Figure } from './statistics.ts';

/** The results as a table for a terminal: a column for each variant. */
export function formatTable({ capacity, start, loss, exemplars, faults, receive, seconds }: Results): string {
  const variants = [...new Set([...capacity, ...start, ...loss].map(({ variant }) => variant))];
  const scenarios = [...new Set(loss.map(({ scenario }) => scenario.name))];
  const row = <One extends { variant: string }>(label: string, parts: One[], cell: (part: One) => string): string[] => [
    label,
    ...variants.map((variant) => parts.filter((part) => part.variant === variant).map(cell)[0] ?? ''),
  ];
  const rows = [
    ['', ...variants],
    row(`capacity left (GET ${ROUTE})`, capacity, ({ left }) => withQuartiles(left, 2)),
    row('CPU per request, us', capacity, ({ cpuPerRequestUs }) => cpuPerRequestUs.median.toFixed(0)),
    row('RSS under load, MB', capacity, ({ rssMb }) => rssMb.toFixed(0)),
    row('start to first 200, s', start, ({ seconds }) => seconds.median.toFixed(2)),
    row('  later than bare, s', start, ({ overBareSeconds }) => withQuartiles(overBareSeconds, 2)),
    row(`RSS after ${start[0]?.idleSeconds} s idle, MB`, start, ({ idleRssMb }) => idleRssMb.toFixed(0)),
    ...scenarios.flatMap((name) => {
      const of = loss.filter(({ scenario }) => scenario.name === name);
      return [
        row(`${name}: answered`, of, answers),
        row('  missing spans / lines / points', of, ({ missing }) => signals(missing)),
        ...(of.some(({ scenario }) => scenario.mayDrop)
          ? [row('  of these counted as dropped', of, ({ dropped }) => signals(dropped))]
          : []),
      ];
    }),
  ].filter(([, ...cells]) => cells.some((cell) => cell !== ''));
  const widths = ['', ...variants].map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const lines = rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [
    ...(rows.length > 1 ? lines : []),
    ...exemplars.map(exemplarLine),
    ...faults.slice(1).map(faultsLine),
    ...(receive ? receiveLines(receive) : []),
    `took: ${Object.entries(seconds)
      .map(([part, took]) => `${part} ${took.toFixed(0)} s`)
      .join(', ')}`,
  ].join('\n');
}

function exemplarLine({ where, withoutNs, addedNs, ratio }: ExemplarCost): string {
  return `exemplars, ${where}: ${addedNs.toFixed(0)} ns on top of ${withoutNs.toFixed(0)} for a measurement, ratio ${ratio.toFixed(2)}`;
}

function faultsLine({ variant, left }: Capacity): string {
  return `fault engine, ${variant}: ${withQuartiles(left, 3)} of the capacity without it`;
}

function receiveLines(receive: Receive): string[] {
  const mb = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);
  return [
    `local backend, full speed: ${receive.fullSpeed.toFixed(0)} spans/s on one core`,
    `local backend, ${receive.rate.toFixed(0)} spans/s for ${receive.seconds.toFixed(0)} s: ${receive.cpuPerSpanUs.toFixed(1)} us CPU a span, ${receive.missing} missing, ${receive.evicted} evicted`,
    `  at most ${mb(receive.peakBytes)} of ${mb(receive.maxBytes)} MiB in use, file ${mb(receive.peakFileBytes)} MiB, RSS ${receive.peakRssMb.toFixed(0)} MB`,
  ];
}

function withQuartiles({ median, low, high }: Figure, digits: number): string {
  return `${median.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
}

function answers({ answered, cut, unanswered }: Loss): string {
  return [`${answered}`, cut && `${cut} cut`, unanswered && `${unanswered} unanswered`].filter(Boolean).join(', ');
}

function signals({ spans, lines, points }: Signals): string {
  return `${spans} / ${lines} / ${points}`;
}
