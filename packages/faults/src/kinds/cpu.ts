import { setImmediate as otherRequests } from 'node:timers/promises';
import { clientGone } from '@clew/service';
import { defineKind, milliseconds } from './kind.ts';

const SLICE_MS = 10;

/** The request takes so much more CPU time, in slices: other requests are worked on in between. */
export const cpu = defineKind({
  name: 'cpu',
  parameters: { ms: milliseconds(5_000, 1) },
  begin: ({ ms }) => ({
    async meet({ reply }) {
      const gone = clientGone(reply);
      for (let left = ms; left > 0; left -= SLICE_MS) {
        burn(Math.min(SLICE_MS, left));
        await otherRequests(undefined, { signal: gone });
      }
    },
  }),
});

function burn(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end) Math.sqrt(end);
}
