import { defineKind } from './kind.ts';

/** The request is never worked on. It ends when the client leaves, or by the handler timeout with a 503. */
export const hang = defineKind({
  name: 'hang',
  parameters: {},
  begin: () => ({
    meet: () => new Promise<never>(() => {}),
  }),
});
