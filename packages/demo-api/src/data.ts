import { clientGone, ProblemError, problemResponses } from '@clew/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { type User, userSchema } from './demo-users.ts';
import { usersSchema } from './list-users.ts';
import type { Peer } from './peer.ts';

interface DataOptions {
  users: User[];
  peer: Peer | undefined;
  peerIsDown: (request: FastifyRequest) => boolean;
}

const schema = {
  summary: 'Some users of the peer service, or local ones without a peer',
  response: {
    200: Type.Object({ source: Type.Enum(['peer', 'local']), users: Type.Array(userSchema) }),
    ...problemResponses(502, 504),
  },
};

export const data: FastifyPluginAsyncTypebox<DataOptions> = async (app, { users, peer, peerIsDown }) => {
  app.get('/api/data', { schema }, async (request, reply) => {
    if (peer === undefined) return { source: 'local' as const, users: users.slice(0, 5) };

    // The peer answers this by itself: two services that have each other for a peer do not call in circles.
    const answer = await peer.getJson('api/users?limit=5', clientGone(reply), () => peerIsDown(request));
    if (!request.validateInput(answer, usersSchema)) {
      throw new ProblemError(502, 'The peer answered with something else than users.', { code: 'peer_invalid' });
    }
    // Just validated against that schema.
    return { source: 'peer' as const, users: (answer as Static<typeof usersSchema>).users };
  });
};
