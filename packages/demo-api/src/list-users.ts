import { problemResponses } from '@clew/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { type User, userSchema } from './demo-users.ts';

export const usersSchema = Type.Object({
  total: Type.Integer({ description: 'Users there are.' }),
  limit: Type.Integer(),
  offset: Type.Integer(),
  users: Type.Array(userSchema),
});

const schema = {
  summary: 'Users, page by page',
  querystring: Type.Object(
    {
      limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
      offset: Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0 }),
    },
    { additionalProperties: false },
  ),
  response: { 200: usersSchema, ...problemResponses(400) },
};

export const listUsers: FastifyPluginAsyncTypebox<{ users: User[] }> = async (app, { users }) => {
  app.get('/api/users', { schema }, async ({ query: { limit, offset } }) => {
    return { total: users.length, limit, offset, users: users.slice(offset, offset + limit) };
  });
};
