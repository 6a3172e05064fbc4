import type { Scenario } from './loss.ts';

const SATURATED: Scenario = { name: '512 connections saturated', connections: 512, seconds: 2 };
const SLOW_COLLECTOR: Scenario = {
  name: '1,500/s, collector answers after 2 s',
  connections: 128,
  seconds: 4,
  rate: 1_500,
  latencyMs: 2_000,
};
const STOPPED: Scenario = { name: 'SIGTERM at 50 connections', connections: 50, seconds: 3, stop: 'under load' };
/** More than one export in flight can carry: it must lose, and say what. Its queues are full after about 10 s. */
const OVERLOADED: Scenario = {
  name: '4,000/s, collector answers after 2 s',
  connections: 256,
  seconds: 20,
  rate: 4_000,
  latencyMs: 2_000,
  stop: 'after the queues',
  mayDrop: true,
};

export const SHORT: Scenario[] = [SATURATED, { ...SLOW_COLLECTOR, seconds: 3 }, { ...STOPPED, seconds: 2 }];
export const LONG: Scenario[] = [
  { ...SATURATED, seconds: 10 },
  { ...SLOW_COLLECTOR, seconds: 60 },
  OVERLOADED,
  STOPPED,
];
