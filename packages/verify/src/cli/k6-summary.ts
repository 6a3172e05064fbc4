import type { TallyRecord } from '@clew/evidence';
import { list, message, string } from '../json.ts';
import { readText } from './files.ts';

/**
 * What k6 says it sent, by the summary.json of a scenario in load/. A request without an answer, status 0 there, is one
 * whose client went away; a refused connection reached no service and is not counted.
 *
 * @param problems gets what is wrong with the file; then there are no records
 */
export function readK6Summary(file: string, problems: string[]): TallyRecord[] {
  const text = readText('k6', file, problems);
  if (text === undefined) return [];
  const { generator, requests, uncounted } = message(parse(text));
  const rows = list(requests).map(message);
  if (generator !== 'k6' || !Array.isArray(requests) || !rows.every(isRow)) {
    problems.push(`--k6 ${file}: not the summary.json that a scenario of load/ writes`);
    return [];
  }
  if (uncounted !== 0) {
    problems.push(
      `--k6 ${file}: ${uncounted} requests are in no row of it; add their route or status to load/lib/counts.ts`,
    );
    return [];
  }
  return rows.map(({ service, method, route, status, count }) => ({
    generator,
    service: string(service),
    method: string(method),
    route: string(route),
    ...(status !== 0 && { status: Number(status) }),
    count: Number(count),
  }));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRow({ service, method, route, status, count }: Record<string, unknown>): boolean {
  const texts = [service, method, route].every((one) => typeof one === 'string' && one !== '');
  return texts && Number.isInteger(status) && Number.isSafeInteger(count) && Number(count) >= 0;
}
