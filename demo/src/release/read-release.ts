/** A step of a release. */
export interface Release {
  /** What answers call it from then on. */
  stage: string;
  version: string;
  /** Of the traffic that the version is to have, from 0 to 1. */
  share: number;
  /** `FAULTS` of the version; undefined: none. */
  faults: string | undefined;
}

const WORD = /^[\w.-]{1,64}$/;

/** Reads the body of `PUT /release`: `{ "stage", "version", "share", "faults"? }`, where faults is a list of rules. */
export function readRelease(body: string): { release?: Release; problems: string[] } {
  const { stage, version, share, faults } = parsed(body);
  const problems: string[] = [];
  if (!isWord(stage)) problems.push('stage: give 1 to 64 letters, digits, "_", "." or "-"');
  if (!isWord(version)) problems.push('version: give 1 to 64 letters, digits, "_", "." or "-"');
  if (!isShare(share)) problems.push('share: give a number from 0 to 1');
  if (faults !== undefined && !Array.isArray(faults))
    problems.push('faults: give a list of rules, as in docs/faults.md');
  if (!isWord(stage) || !isWord(version) || !isShare(share) || problems.length > 0) return { problems };
  return {
    release: { stage, version, share, faults: faults === undefined ? faults : JSON.stringify(faults) },
    problems,
  };
}

function parsed(body: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(body));
  } catch {
    return {}; // then every field is missing
  }
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && WORD.test(value);
}

function isShare(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1;
}
