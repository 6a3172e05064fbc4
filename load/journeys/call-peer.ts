import type { Journey } from '../lib/play.ts';

/** Asks a service for data that it gets from the other one. */
export const callPeer: Journey = ({ get }) => {
  get('/api/data');
};
