import type { Settings } from './settings.ts';

/**
 * For scenarios that can hurt the stack behind a target.
 *
 * @throws unless every target is on this machine, or the user has said yes, and how much.
 */
export function refuseOtherMachines(scenario: string, { targets, yes, cap }: Settings): void {
  const other = targets.find(({ url }) => !/^https?:\/\/(127\.[\d.]+|localhost|\[::1\])(:\d+)?(\/|$)/.test(url));
  if (other === undefined || (yes && cap !== undefined)) return;
  throw new Error(
    `${scenario} can hurt the stack behind ${other.url}, which is not on this machine: if you mean it, say so with --yes and --cap N (YES=true, CAP=N)`,
  );
}
