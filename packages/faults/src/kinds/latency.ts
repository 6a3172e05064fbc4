import { setTimeout as delay } from 'node:timers/promises';
import { clientGone, draw, drawLogNormal, limits } from '@clew/service';
import { type Static, type TObject, Type } from 'typebox';
import { defineKind, type MetRequest, milliseconds } from './kind.ts';

// What takes longer is answered by the handler timeout.
const LONGEST = limits.handlerTimeout;

const parameters = {
  ms: Type.Optional(milliseconds(LONGEST)),
  minMs: Type.Optional(milliseconds(LONGEST)),
  maxMs: Type.Optional(milliseconds(LONGEST)),
  p50Ms: Type.Optional(milliseconds(LONGEST, 1)),
  p99Ms: Type.Optional(milliseconds(LONGEST, 1)),
};

/** The request waits: a given time, one from an even spread, or one that is mostly short and now and then long. */
export const latency = defineKind({
  name: 'latency',
  parameters,
  check: (times) => {
    if (!['ms', 'minMs maxMs', 'p50Ms p99Ms'].includes(namesOf(times))) {
      return { field: 'ms', detail: 'takes the place of minMs and maxMs or of p50Ms and p99Ms: give one of the three' };
    }
    if (times.minMs !== undefined && times.maxMs !== undefined && times.maxMs < times.minMs) {
      return { field: 'maxMs', detail: 'must not be below minMs' };
    }
    if (times.p50Ms !== undefined && times.p99Ms !== undefined && times.p99Ms < times.p50Ms) {
      return { field: 'p99Ms', detail: 'must not be below p50Ms' };
    }
    return undefined;
  },
  begin: (times) => ({
    async meet({ reply, draws }) {
      await delay(drawMs(times, draws), undefined, { signal: clientGone(reply) });
    },
  }),
});

type Times = Static<TObject<typeof parameters>>;

function namesOf(times: Times): string {
  return Object.keys(parameters)
    .filter((name) => name in times)
    .join(' ');
}

function drawMs({ ms, minMs, maxMs, p50Ms, p99Ms }: Times, { seed, stream, n }: MetRequest['draws']): number {
  if (minMs !== undefined && maxMs !== undefined) return minMs + (maxMs - minMs) * draw(seed, stream, n);
  if (p50Ms !== undefined && p99Ms !== undefined) {
    return Math.min(LONGEST, drawLogNormal(seed, stream, n, { p50: p50Ms, p99: p99Ms }));
  }
  return ms ?? 0;
}
