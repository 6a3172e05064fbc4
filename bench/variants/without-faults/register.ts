import { registerHooks } from 'node:module';

// `node --import register.js`: the service as it is, but `@clew/faults` is the empty module beside this file.

const empty = new URL('faults.js', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@clew/faults' ? { url: empty, shortCircuit: true } : next(specifier, context),
});
