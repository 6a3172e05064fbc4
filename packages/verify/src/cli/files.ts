import { readFileSync } from 'node:fs';
import type { TallyRecord } from '@clew/evidence';

/** The text of the file that a flag names; a file that cannot be read is a problem. */
export function readText(flag: string, file: string | undefined, problems: string[]): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    problems.push(
      `--${flag} ${file}: cannot be read (${error instanceof Error && 'code' in error ? error.code : error})`,
    );
    return undefined;
  }
}

/** What a load generator says it sent. */
export function readTally(file: string | undefined, problems: string[]): TallyRecord[] {
  const text = readText('tally', file, problems);
  if (text === undefined) return [];
  const records = parse(text);
  if (Array.isArray(records) && records.every(isTally)) return records;
  problems.push(`--tally ${file}: not a JSON list of { generator, service, method, route?, status?, count }`);
  return [];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isTally(value: unknown): value is TallyRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { generator, service, method, route, status, count } = value as Record<string, unknown>; // any object has fields
  return (
    [generator, service, method].every((one) => typeof one === 'string') &&
    (route === undefined || typeof route === 'string') &&
    (status === undefined || Number.isInteger(status)) &&
    Number.isSafeInteger(count) &&
    Number(count) >= 0
  );
}
