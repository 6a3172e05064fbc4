import { type Description, problemResponses } from '@clew/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';

const schema = {
  summary: 'What this is',
  response: {
    200: Type.Object({
      name: Type.String(),
      version: Type.String(),
      instrumentation: Type.String(),
      signals: Type.Object({ traces: Type.String(), metrics: Type.String(), logs: Type.String() }),
      endpoints: Type.Array(Type.Object({ method: Type.String(), path: Type.String(), summary: Type.String() })),
    }),
    ...problemResponses(),
  },
};

export const root: FastifyPluginAsyncTypebox<{ describe: Description }> = async (app, { describe }) => {
  app.get('/', { schema }, async () => ({ ...describe, endpoints: app.endpoints }));
};
