import { defineKind, milliseconds } from './kind.ts';

const nobodyWakes = new Int32Array(new SharedArrayBuffer(4));

/** The event loop stands still, as under a synchronous call that waits: every request waits, no CPU is used. */
export const block = defineKind({
  name: 'block',
  parameters: { ms: milliseconds(5_000, 1) },
  begin: ({ ms }) => ({
    meet() {
      Atomics.wait(nobodyWakes, 0, 0, ms);
    },
  }),
});
