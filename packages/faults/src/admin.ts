import { ProblemError, problemResponses } from '@clew/service';
import type { FastifyPluginAsync } from 'fastify';
import { Type } from 'typebox';
import { carriesToken } from './bearer.ts';
import type { Board } from './board.ts';
import { checkRules, inputErrors } from './check-rules.ts';
import type { FieldError } from './fields.ts';

interface AdminOptions {
  board: Board;
  token: string;
  /** Those that can meet faults. */
  routes: ReadonlySet<string>;
}

const PATH = '/admin/faults';

/** For whoever has the token; never traced, shed or faulted. */
export const admin: FastifyPluginAsync<AdminOptions> = async (app, { board, token, routes }) => {
  app.addHook('onRequest', async function requireToken({ headers }) {
    if (carriesToken(headers.authorization, token)) return;
    throw new ProblemError(401, 'This needs the token of FAULTS_ADMIN_TOKEN, as Authorization: Bearer TOKEN.', {
      headers: { 'www-authenticate': 'Bearer' },
    });
  });

  app.get(PATH, options('Faults that are active'), async () => ({ faults: board.list() }));

  app.put(PATH, options('Puts faults in the place of those put before'), async ({ body }) => {
    // Not by the route's schema: it would tell what is wrong with a rule for each of the kinds that the rule is not.
    const { rules, errors } = checkRules(Object(body).faults, { needsTtl: true, routes });
    if (errors.length > 0) throw badRules(errors);
    if (!board.replace('admin', rules)) {
      throw badRules([{ field: '', detail: 'must use names again: one process can tell 100 of them apart' }]);
    }
    return { faults: board.list() };
  });

  app.delete(PATH, options('Ends the faults that were put'), async () => {
    board.replace('admin', []);
    return { faults: board.list() };
  });
};

const listed = Type.Object({ faults: Type.Array(Type.Object({}, { additionalProperties: true })) });

function options(summary: string) {
  const config = { telemetry: false, shed: false };
  return { config, schema: { summary, hide: true, response: { 200: listed, ...problemResponses(400, 401) } } };
}

function badRules(errors: FieldError[]): ProblemError {
  return new ProblemError(400, 'These faults cannot be used; the ones from before are still active.', {
    errors: inputErrors('body', 'faults', errors),
  });
}
