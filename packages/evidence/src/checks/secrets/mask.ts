import { secretPatterns } from './patterns.ts';

/** Enough to find a secret, too little to use it. */
export function masked(secret: string): string {
  return `${secret.slice(0, 4)}... (${secret.length} characters)`;
}

/** A text with every secret in it masked. */
export function maskSecrets(text: string): string {
  return secretPatterns.reduce((rest, { regex, confirm }) => {
    if (!regex.test(rest)) return rest;
    const every = new RegExp(regex, `${regex.flags}g`);
    let shown = '';
    let end = 0;
    for (let found = every.exec(rest); found; found = every.exec(rest)) {
      if (!(confirm?.(found[0]) ?? true)) continue;
      const whole = found[0] + tailOf(found[0], rest.slice(every.lastIndex));
      shown += rest.slice(end, found.index) + masked(whole);
      end = found.index + whole.length;
      every.lastIndex = end;
    }
    return shown + rest.slice(end);
  }, text);
}

/** The same for a value whose key may make it a secret. */
export function maskEntry(key: string, value: string): string {
  const alone = maskSecrets(value);
  if (alone !== value) return alone;
  const [name, entry] = [`"${key}"`, `"${key}":"${value}"`];
  const madeByKey = maskSecrets(name) === name && maskSecrets(entry) !== entry;
  return madeByKey ? `... (${value.length} characters)` : value;
}

/** What of a secret comes after that by which it is known: to the end of a key, of what is quoted, or of the word. */
function tailOf(match: string, after: string): string {
  const rest = match.startsWith('-----')
    ? /^.*?(?:-----END [^-]*-----|$)/s
    : /["']/.test(match)
      ? /^[^"']*/
      : /^[^\s"'&,;]*/;
  return rest.exec(after)?.[0] ?? '';
}
