import { ProblemError, problemResponses } from '@clew/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { type User, userSchema } from './demo-users.ts';

const schema = {
  summary: 'One user',
  params: Type.Object({ id: Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 }) }),
  response: { 200: userSchema, ...problemResponses(400, 404) },
};

export const getUser: FastifyPluginAsyncTypebox<{ users: User[] }> = async (app, { users }) => {
  app.get('/api/users/:id', { schema }, async (request) => {
    const { id } = request.params;
    // On the span and in the log, where one value among millions costs nothing; never a label of a metric.
    request.annotate({ 'user.id': String(id) });
    const user = users[id - 1];
    if (user === undefined) throw new ProblemError(404, `There is no user ${id}.`);
    return user;
  });
};

/** The `user.id` of a request; undefined when it is not about one user. */
export function userIdOf({ params }: FastifyRequest): string | undefined {
  const { id } = Object(params) as { id?: number }; // the only route with an id is that of a user
  return id === undefined ? undefined : String(id);
}
