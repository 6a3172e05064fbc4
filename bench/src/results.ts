import type { ExemplarCost } from '../../packages/otel-exemplars/bench/measure.ts';
import type { Capacity } from './capacity.ts';
import type { Loss } from './loss.ts';
import type { Part } from './options.ts';
import type { Receive } from './receive.ts';
import type { Start } from './start.ts';

/** What a run has measured; a part that was not asked for is empty. */
export interface Results {
  date: string;
  machine: { cpu: string; cores: number; node: string };
  long: boolean;
  capacity: Capacity[];
  start: Start[];
  loss: Loss[];
  exemplars: ExemplarCost[];
  receive?: Receive;
  /** Of `FAULT_ENGINES`, compared with none. */
  faults: Capacity[];
  /** What each part took. */
  seconds: Partial<Record<Part | 'compiling', number>>;
}
