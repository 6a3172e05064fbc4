import http from 'k6/http';
import { byHandNow } from './by-hand.ts';
import { endRun } from './end-run.ts';
import type { Fault, Rule } from './faults.ts';
import type { Run } from './play.ts';

/** A step of a release of the first target. */
export interface Step {
  /** What the answers of the gateway call it. */
  stage: string;
  /** Of the traffic that the new version is to have, from 0 to 1. */
  share: number;
  /** What whoever has no gateway does by hand. */
  byHand: string;
}

/** A version, and what is wrong with it. */
export interface Version {
  version: string;
  rule: Rule;
}

/** `FAULTS` of a version ends with the process that has it; longer than a run, and at most what a rule may. */
const TTL_MS = 3_600_000;

/**
 * Takes a step of a release, and another one at its end. With `GATEWAY_URL` the gateway does it (demo/README.md), without
 * one the user, who is told when. With `FAULT=off` the version that is released has nothing wrong with it.
 */
export function release(version: Version, { from, to, until }: { from?: Step; to: Step; until?: Step }): Fault {
  return {
    harmless: true,
    require(run) {
      if (run.settings.gatewayUrl === undefined) return requireTime(run);
      if (from !== undefined) take(from, version, run);
    },
    start: (run) => take(to, version, run),
    end(run) {
      if (until !== undefined) take(until, version, run);
    },
  };
}

function take({ stage, share, byHand }: Step, { version, rule }: Version, { first, settings }: Run): void {
  const { gatewayUrl, adminToken, seed, fault } = settings;
  if (gatewayUrl === undefined) {
    byHandNow(byHand);
    return;
  }
  const faults = fault ? [{ ...rule, seed, ttlMs: TTL_MS }] : undefined;
  const response = http.put(`${gatewayUrl}/release`, JSON.stringify({ stage, share, version, faults }), {
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    responseType: 'text',
    tags: { name: 'PUT /release', to: 'admin' },
    timeout: '25s',
  });
  if (response.status === 200) return;
  const said = response.status === 0 ? response.error : String(response.body).trim();
  endRun(`GATEWAY_URL=${gatewayUrl} cannot release ${first.name} ${version}: ${said}`);
}

function requireTime({ settings }: Run): void {
  if (settings.pace !== 'fast') return;
  endRun('nobody releases by hand in a few seconds: leave out PACE=fast, or give GATEWAY_URL');
}
