import { onServices } from '../lib/faults.ts';
import { CALLS_OF_PEER } from './calls-of-peer.ts';

/** The last service takes the calls of its peer and never answers. */
export const cascadingTimeout = onServices('last', [{ name: 'cascading-timeout', kind: 'hang', match: CALLS_OF_PEER }]);
