import { masked } from './mask.ts';
import { type SecretPattern, secretPatterns } from './patterns.ts';

export interface FoundSecret {
  pattern: string;
  /** Enough to find it, too little to use it. */
  match: string;
}

/** Whether it is worth while to look closer; `json` as it is stored. About 3 us for 250 characters. */
export function mayHaveSecret(json: string): boolean {
  // The n of an escaped newline would hide that a word begins.
  const text = json.includes('\\') ? json.replace(/\\[nrt]/g, '\n') : json;
  return secretPatterns.some(({ regex }) => regex.test(text));
}

/** The secrets in a text, at most one per pattern. */
export function findSecrets(text: string): FoundSecret[] {
  return secretPatterns.flatMap((pattern) => {
    const match = firstMatch(text, pattern);
    return match === undefined ? [] : [{ pattern: pattern.name, match: masked(match) }];
  });
}

function firstMatch(text: string, { regex, confirm }: SecretPattern): string | undefined {
  if (!regex.test(text)) return undefined;
  const matches = [...text.matchAll(new RegExp(regex, `${regex.flags}g`))].map(([match]) => match);
  return matches.find((match) => confirm?.(match) ?? true);
}
