import type { TestContext } from 'node:test';
import { type Evidence, listGaps } from '@clew/evidence';
import { type LocalBackend, type LocalBackendOptions, startLocalBackend } from '../../src/local-backend.ts';
import { type GrpcClient, grpcClient } from './clients.ts';

/** A backend on free ports and a gRPC client of it, both closed after the test. */
export async function startBackend(
  t: TestContext,
  options: LocalBackendOptions = {},
): Promise<LocalBackend & { grpc: GrpcClient }> {
  const backend = await startLocalBackend({ warn: () => {}, ...options });
  const grpc = grpcClient(backend.grpcUrl);
  t.after(async () => {
    grpc.close();
    await backend.close();
  });
  return { ...backend, grpc };
}

/** Reason -> count of the gaps of a kind. */
export function gapsOf(evidence: Evidence, kind: string): Record<string, number> {
  const gaps = listGaps(evidence).filter((gap) => gap.kind === kind);
  return Object.fromEntries(gaps.map(({ signal, reason, count }) => [`${signal}: ${reason}`, count]));
}

/** Waits until `condition` holds; throws with `what` after 10 s. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited 10 s until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
