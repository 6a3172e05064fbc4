import type { Case } from './cases/case.ts';
import { clew } from './cases/clew.ts';
import { load } from './cases/load.ts';
import { service } from './cases/service.ts';

export type { Case } from './cases/case.ts';

/** Everything that the charts are rendered with: every switch, and every values file. */
export const cases: Case[] = [...service, ...clew, ...load];
