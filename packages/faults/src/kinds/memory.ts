import { getHeapStatistics } from 'node:v8';
import { Type } from 'typebox';
import { defineKind } from './kind.ts';

const MIB = 2 ** 20;
const MOST = 512 * MIB;
/** Of all rules together. Never more than half the heap: the process shall suffer, and live. */
const limit = Math.min(MOST, getHeapStatistics().heap_size_limit / 2);
let leakedInAll = 0;

/** The request leaks memory on the heap, until its rule has leaked `maxBytes`. All of it is freed when the rule ends. */
export const memory = defineKind({
  name: 'memory',
  parameters: {
    bytes: Type.Integer({ minimum: 1_024, maximum: 16 * MIB }),
    maxBytes: Type.Optional(Type.Integer({ minimum: 1_024, maximum: MOST })),
  },
  begin: ({ bytes, maxBytes = MOST }) => {
    let leaks: number[][] | undefined = [];
    return {
      meet() {
        if (leaks === undefined || (leaks.length + 1) * bytes > maxBytes || leakedInAll + bytes > limit) return;
        leakedInAll += bytes;
        leaks.push(Array<number>(Math.ceil(bytes / 8)).fill(0.5)); // a double takes 8 bytes
      },
      end() {
        leakedInAll -= (leaks?.length ?? 0) * bytes;
        leaks = undefined;
      },
    };
  },
});
