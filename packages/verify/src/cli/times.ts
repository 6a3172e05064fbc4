const UNITS_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `15m`, `1h`, `7d`, or `0`, as microseconds; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  const ms = UNITS_MS[unit ?? ''];
  return number === undefined || ms === undefined ? undefined : Math.round(Number(number) * ms * 1000);
}

/** ISO 8601, or a duration before now, as microseconds since the epoch; undefined when it is neither. */
export function parseTime(text: string, nowUs: number): number | undefined {
  const ago = parseDuration(text);
  if (ago !== undefined) return nowUs - ago;
  const ms = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms * 1000;
}
