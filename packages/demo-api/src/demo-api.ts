import type { Config, Description } from '@clew/service';
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { data } from './data.ts';
import { demoUsers } from './demo-users.ts';
import { error } from './error.ts';
import { getUser } from './get-user.ts';
import { listUsers } from './list-users.ts';
import { createPeer, type PeerConfig } from './peer.ts';
import { root } from './root.ts';
import { slow } from './slow.ts';

export interface DemoApiOptions {
  config: PeerConfig & Pick<Config, 'PEER_URL'>;
  /** What `GET /` says about the service. */
  describe: Description;
  /** Whether the call to the peer that a request makes shall fail as if nobody listened there. */
  peerIsDown?: (request: FastifyRequest) => boolean;
}

/** The HTTP API of full-otel and prom-otel, an endpoint per file. */
export const demoApi: FastifyPluginAsync<DemoApiOptions> = async (app, options) => {
  const { config, describe, peerIsDown = () => false } = options;
  const { SEED: seed, PEER_URL: peerUrl } = config;
  const users = demoUsers(seed);
  const peer = peerUrl === undefined ? undefined : createPeer(peerUrl, config);

  await app.register(root, { describe });
  await app.register(listUsers, { users });
  await app.register(getUser, { users });
  await app.register(data, { users, peer, peerIsDown });
  await app.register(slow, { seed });
  await app.register(error, { seed });
};
