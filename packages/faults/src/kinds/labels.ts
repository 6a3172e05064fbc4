import { Type } from 'typebox';
import { labelChannel } from '../channels.ts';
import { defineKind } from './kind.ts';

const MOST = 1_000;

/** The request brings a label value that no request had, until there are `max`. On a metric of its own, never on theirs. */
export const labels = defineKind({
  name: 'labels',
  parameters: { max: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST })) },
  begin: ({ max = MOST }) => {
    let met = 0;
    return {
      meet() {
        labelChannel.publish({ value: `v${met++ % max}` });
      },
    };
  },
});
