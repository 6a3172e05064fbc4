import { block } from './block.ts';
import { cpu } from './cpu.ts';
import { dependency } from './dependency.ts';
import { drop } from './drop.ts';
import { error } from './error.ts';
import { exception } from './exception.ts';
import { hang } from './hang.ts';
import type { Kind } from './kind.ts';
import { labels } from './labels.ts';
import { latency } from './latency.ts';
import { logFlood } from './log-flood.ts';
import { memory } from './memory.ts';

/** Every kind of fault there is. */
export const kinds: Kind[] = [latency, error, exception, hang, drop, dependency, cpu, block, memory, logFlood, labels];
