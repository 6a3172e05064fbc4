import { Type } from 'typebox';
import { defineKind } from './kind.ts';

/** The code throws what nobody catches, with a cause. */
export const exception = defineKind({
  name: 'exception',
  parameters: { message: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })) },
  begin: ({ message = 'this exception was asked for' }) => ({
    meet() {
      throw new FaultError(message, { cause: new RangeError('so was its cause') });
    },
  }),
});

/** Its name is the `error.type` of the request. */
class FaultError extends Error {
  override name = 'FaultError';
}
