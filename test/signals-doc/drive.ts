import assert from 'node:assert/strict';
import { everyEndpoint, probes } from '../harness/every-endpoint.ts';
import type { FakePeer } from '../harness/peer.ts';
import { sendAndLeave, sendRaw } from '../harness/raw-client.ts';
import type { RunningService } from '../harness/running-service.ts';

/** One entry more than is let through. */
export const BAGGAGE = 'test.run.id=7f3a,test.scenario=docs,synthetic=true,not.on.the.list=x';
const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** Sends a request of every kind, and has the call to the peer end in every way. */
export async function driveEverything(service: RunningService, peer: FakePeer): Promise<void> {
  const headers = { baggage: BAGGAGE, traceparent: TRACEPARENT };
  for (const path of probes) assert.equal((await fetch(`${service.url}${path}`, { headers })).status, 200);
  for (const known of everyEndpoint) await service.send({ ...known, headers: { ...headers, ...known.headers } });
  const faults = { 'x-clew-fault': 'log-flood;lines=1, labels;max=1' };
  await service.send({ path: '/api/users', route: '/api/users', headers: { ...headers, ...faults } });
  const data = { path: '/api/data', route: '/api/data' };
  peer.behave('fail');
  await service.send({ ...data, status: 502 });
  peer.behave('hang');
  await service.send({ ...data, status: 504 });
  peer.behave('answer');
  await sendAndLeave(`${service.url}/api/slow?ms=5000`);
  await sendRaw(service.url, 'NONSENSE\r\n\r\n');
}
