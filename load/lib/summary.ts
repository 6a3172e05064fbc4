import { countRequests, type Requests } from './counts.ts';
import { type Judged, judge } from './judge.ts';
import { formatJunit } from './junit.ts';
import type { Settings } from './settings.ts';
import { type Plan, type Stopped, whereStopped } from './stopped.ts';
import { type SummaryData, whyNotRun } from './summary-data.ts';

/**
 * The end of a run: text for stdout and, where `SUMMARY` names a folder, summary.json (`clew verify --k6` reads it) and
 * junit.xml. A run that did not start has no thresholds, and is an error in each of them; so is one that was stopped, of
 * which some thresholds are not judged.
 *
 * @param unchecked what this run had no means to look at
 */
export function summarize(
  scenario: string,
  data: SummaryData,
  settings: Settings,
  plan: Plan,
  unchecked: string[] = [],
): Record<string, string> {
  const { runId, pace, fault, seed, targets, summary } = settings;
  const durationMs = Math.round(data.state.testRunDurationMs);
  const notRun = whyNotRun(data);
  const stopped = notRun === undefined ? whereStopped(data, plan) : undefined;
  const thresholds = notRun === undefined ? judge(data.metrics, plan.timeline, stopped) : [];
  const { rows, refused, uncounted } = countRequests(data.metrics, targets);
  const requests = { rows, refused, uncounted };
  const text =
    notRun === undefined
      ? formatText({ scenario, runId, durationMs, stopped, thresholds, unchecked, requests })
      : `\n${scenario}, run ${runId}. Not run: ${notRun}\n\n`;
  if (summary === undefined) return { stdout: text };
  const json = {
    generator: 'k6',
    scenario,
    runId,
    ok: notRun === undefined && stopped === undefined && thresholds.every(({ ok }) => ok),
    notRun,
    stopped,
    pace,
    seed,
    fault,
    durationMs,
    targets: targets.map(({ name }) => name),
    requests: rows,
    refused,
    uncounted,
    thresholds,
    unchecked,
    metrics: data.metrics,
  };
  return {
    stdout: text,
    [`${summary}/summary.json`]: `${JSON.stringify(json, undefined, 2)}\n`,
    [`${summary}/junit.xml`]: formatJunit(scenario, {
      thresholds,
      error: notRun ?? (stopped && inWords(stopped)),
      seconds: durationMs / 1000,
    }),
  };
}

interface Run {
  scenario: string;
  runId: string;
  durationMs: number;
  stopped: Stopped | undefined;
  thresholds: Judged[];
  unchecked: string[];
  requests: Requests;
}

function formatText({ scenario, runId, durationMs, stopped, thresholds, unchecked, requests }: Run): string {
  const time = stopped === undefined ? `${Math.round(durationMs / 1000)} s` : inWords(stopped);
  const { rows, refused, uncounted } = requests;
  return [
    '',
    `${scenario}, run ${runId}, ${time}. Thresholds: ${verdictOf(thresholds)}`,
    '',
    ...columns(
      thresholds.map(({ metric, expression, ok, value }) =>
        ok === null ? ['?', metric, expression, 'not judged'] : [ok ? '✓' : '✗', metric, expression, number(value)],
      ),
    ),
    ...unchecked.map((what) => `  ?  not checked: ${what}`),
    '',
    ...columns([
      ['service', 'route', 'status', 'requests'],
      ...rows.map(({ service, route, status, count }) => [service, route, status || 'no answer', count]),
    ]),
    ...(refused > 0 ? [`  ${refused} requests reached nobody: connection refused`] : []),
    ...(uncounted > 0 ? [`  ${uncounted} requests had another route or status than load/lib/counts.ts knows`] : []),
    '',
  ].join('\n');
}

function inWords({ afterSeconds, ofSeconds }: Stopped): string {
  return `stopped after ${Math.floor(afterSeconds)} of ${ofSeconds} s`;
}

function verdictOf(thresholds: Judged[]): string {
  const count = (which: boolean | null) => thresholds.filter(({ ok }) => ok === which).length;
  const [all, missed, open] = [thresholds.length, count(false), count(null)];
  if (open > 0) return `${count(true)} of ${all} hold, ${missed} do not, ${open} are not judged`;
  return missed === 0 ? `all ${all} hold` : `${missed} of ${all} do not hold`;
}

function number(value: number | undefined): string {
  if (value === undefined) return '';
  return Number.isInteger(value) ? String(value) : value.toPrecision(3);
}

function columns(lines: (string | number)[][]): string[] {
  const widths = (lines[0] ?? []).map((_, i) => Math.max(...lines.map((cells) => String(cells[i]).length)));
  return lines.map((cells) => `  ${cells.map((cell, i) => String(cell).padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd());
}
