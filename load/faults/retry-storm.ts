import { onServices } from '../lib/faults.ts';
import { CALLS_OF_PEER } from './calls-of-peer.ts';

/** The last service answers the calls of its peer with 503. */
export const retryStorm = onServices('last', [
  { name: 'retry-storm', kind: 'error', status: 503, match: CALLS_OF_PEER },
]);
