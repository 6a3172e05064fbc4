import { ProblemError } from '@clew/service';
import { Type } from 'typebox';
import { defineKind } from './kind.ts';

/** The answer is an error, without the work. */
export const error = defineKind({
  name: 'error',
  parameters: { status: Type.Optional(Type.Integer({ minimum: 400, maximum: 599 })) },
  begin: ({ status = 500 }) => ({
    meet() {
      throw new ProblemError(status, 'This error was asked for.', { code: 'fault' });
    },
  }),
});
