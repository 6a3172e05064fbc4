import fp from 'fastify-plugin';

// What `@clew/faults` exports, and nothing behind it.

export const faults = fp(async () => {}, { name: 'faults', fastify: '5.x' });

export function peerIsDown(): boolean {
  return false;
}

export function checkFaults(): string[] {
  return [];
}
