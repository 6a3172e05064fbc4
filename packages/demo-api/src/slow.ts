import { setTimeout as delay } from 'node:timers/promises';
import { clientGone, drawLogNormal, problemResponses } from '@clew/service';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';

const schema = {
  summary: 'Takes its time: a given one, or mostly short and now and then very long',
  querystring: Type.Object(
    { ms: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000, description: 'Milliseconds to wait.' })) },
    { additionalProperties: false },
  ),
  response: { 200: Type.Object({ waited_ms: Type.Integer() }), ...problemResponses(400) },
};

export const slow: FastifyPluginAsyncTypebox<{ seed: number }> = async (app, { seed }) => {
  let requests = 0;
  app.get('/api/slow', { schema }, async (request, reply) => {
    const n = requests++;
    const { ms = drawLatency(seed, 'GET /api/slow', n) } = request.query;
    await delay(ms, undefined, { signal: clientGone(reply) });
    return { waited_ms: ms };
  });
};

/**
 * A latency as real ones are: a median of 60 ms, a 99th percentile of 1.5 s, and 10 s at most.
 *
 * @returns Whole milliseconds.
 */
export function drawLatency(seed: number, stream: string, n: number): number {
  return Math.min(10_000, Math.round(drawLogNormal(seed, stream, n, { p50: 60, p99: 1_500 })));
}
