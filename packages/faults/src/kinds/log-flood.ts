import { Type } from 'typebox';
import { defineKind } from './kind.ts';

/** Of all rules together. */
const MOST_PER_SECOND = 10_000;
let second = 0;
let written = 0;

/** The request writes so many more log lines, of level info. They differ, or Loki would keep one of each millisecond. */
export const logFlood = defineKind({
  name: 'log-flood',
  parameters: { lines: Type.Integer({ minimum: 1, maximum: 1_000 }) },
  begin: ({ lines }) => ({
    meet({ request }) {
      for (let line = 1; line <= lines && mayWrite(); line += 1) {
        request.log.info({ 'clew.fault.line': line }, 'fault log line');
      }
    },
  }),
});

function mayWrite(): boolean {
  const now = Math.floor(performance.now() / 1_000);
  if (now !== second) {
    second = now;
    written = 0;
  }
  written += 1;
  return written <= MOST_PER_SECOND;
}
