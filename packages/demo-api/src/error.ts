import { draw, ProblemError, problemResponses } from '@clew/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from 'typebox';

const kind = Type.Enum(['exception', 'timeout', 'dependency', 'validation', 'random'], {
  default: 'exception',
  description: 'random: one of the others, or none.',
});

const schema = {
  summary: 'Fails in a given way',
  querystring: Type.Object({ type: kind }, { additionalProperties: false }),
  response: { 200: Type.Object({ failed: Type.Literal(false) }), ...problemResponses(400, 502, 504) },
};

export const error: FastifyPluginAsyncTypebox<{ seed: number }> = async (app, { seed }) => {
  let requests = 0;
  app.get('/api/error', { schema }, async (request) => {
    const n = requests++;
    const { type } = request.query;
    fail(type === 'random' ? kinds[Math.floor(draw(seed, 'GET /api/error', n) * kinds.length)] : type);
    return { failed: false as const };
  });
};

const kinds = ['exception', 'timeout', 'dependency', 'validation', undefined] as const;

function fail(type: Static<typeof kind> | undefined): void {
  switch (type) {
    case 'exception':
      throw new Error('nobody has thought of this case', { cause: new RangeError('the index is out of range') });
    case 'timeout':
      throw new ProblemError(504, 'A dependency did not answer in time.', { code: 'timeout' });
    case 'dependency':
      throw new ProblemError(502, 'A dependency failed.', { code: 'dependency' });
    case 'validation':
      throw new ProblemError(400, 'The input is not valid.', {
        errors: [{ in: 'querystring', field: 'type', detail: 'asks for an input that is not valid' }],
      });
  }
}
