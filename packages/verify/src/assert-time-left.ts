/** @throws when nothing is left of the time that was asked for; all in microseconds */
export function assertTimeLeft({ since, until, grace }: { since: number; until: number; grace: number }): void {
  if (since < until) return;
  const newest = `the newest ${grace / 1e6} s are left out`;
  throw new Error(`--since: nothing is left of it, as ${newest}: an earlier one, or a shorter --grace`);
}
