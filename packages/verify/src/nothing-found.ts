import type { CheckOptions } from '@clew/evidence';

/** Where something was looked for, and what may keep it from being found there. */
export interface LookedIn {
  where: string;
  causes: string[];
}

/** What to say of evidence that has nothing of what was asked for: 17 checks without a subject have one cause. */
export function nothingFound({ where, causes }: LookedIn, options: CheckOptions): string {
  const { services, namespace, since, until } = options;
  const what = [
    'no traces, metrics or logs',
    ...(services === undefined ? [] : [`of service ${services.join(', ')}`]),
    ...(namespace === undefined ? [] : [`of namespace ${namespace}`]),
    ...(since === undefined ? [] : [`from ${iso(since)}`]),
    ...(until === undefined ? [] : [`until ${iso(until)}`]),
    `in ${where}`,
  ];
  return `Nothing found: ${what.join(' ')}. Likely causes: ${causes.join('; ')}.`;
}

function iso(us: number): string {
  return new Date(us / 1000).toISOString();
}
