import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { parse } from 'yaml';
import { startFakePeer } from '../harness/peer.ts';
import { startRun } from '../harness/run.ts';
import { services } from '../harness/services.ts';
import { waitFor } from '../harness/wait-for.ts';
import { HELM } from './support/charts.ts';
import { type Cost, costOf } from './support/cost.ts';

/** What load/journeys/every-endpoint.ts asks for, which the load chart plays by default. */
const JOURNEY: [path: string, status: number][] = [
  ['/', 200],
  ['/api/users?limit=3', 200],
  ['/api/users?limit=0', 400],
  ['/api/users/7', 200],
  ['/api/users/999999', 404],
  ['/api/data', 200],
  ['/api/slow?ms=50', 200],
  ['/api/error?type=exception', 500],
  ['/api/error?type=timeout', 504],
  ['/api/error?type=dependency', 502],
  ['/api/error?type=validation', 400],
];
const TIMES = 10;
const NOTES = readFileSync(join(HELM, 'service', 'templates', '_notes.tpl'), 'utf8');

for (const under of services) {
  it(`${under.name} costs what the chart says after an install`, async () => {
    await using peer = await startFakePeer();
    await using run = await startRun(under, { PEER_URL: peer.url });
    let sent = 0;
    const ask = ([path, status]: [path: string, status: number]) =>
      waitFor(async () => {
        sent += 1;
        const answer = await fetch(`${run.service.url}${path}`);
        await answer.text();
        if (answer.status === 503) return false; // on a busy machine it may shed the first ones
        assert.equal(answer.status, status, path);
        return true;
      }, path);
    for (let i = 0; i < TIMES; i++) {
      for (const request of JOURNEY) await ask(request);
    }
    assert.equal(await run.service.stop(), 0);
    const measured = costOf(run, under, sent);
    const said = saidBy(NOTES, under.name);
    for (const key of ['series', 'spans', 'logBytes'] as const) {
      const off = Math.abs(measured[key] - said[key]) / measured[key];
      assert.ok(off < 0.15, `${key}: measured ${measured[key]}, _notes.tpl says ${said[key]}`);
    }
  });
}

it('the load is what the chart says', () => {
  const read = (path: string) => readFileSync(join(HELM, path), 'utf8');
  const perSecond = Number(/const USUAL = (\d+)/.exec(read('../../load/scenarios/smoke.ts'))?.[1]);
  const requests = read('../../load/journeys/every-endpoint.ts').match(/\bget\(/g)?.length;
  assert.equal(requests, JOURNEY.length);
  const { rate, targets }: { rate: number; targets: unknown[] } = parse(read('load/values.yaml'));
  // One request of a journey is handed on to the peer.
  const each = (rate * perSecond * (JOURNEY.length + 1)) / targets.length;
  assert.equal(Number(/\$requests := (\S+)/.exec(NOTES)?.[1]), Number(each.toFixed(3)));
});

function saidBy(notes: string, service: string): Cost {
  const dict = new RegExp(`"${service}" \\(dict "series" (\\S+) "spans" (\\S+) "logBytes" (\\S+)\\)`).exec(notes);
  assert.ok(dict, `_notes.tpl: nothing about ${service}`);
  const [series, spans, logBytes] = dict.slice(1).map(Number);
  return { series: series ?? 0, spans: spans ?? 0, logBytes: logBytes ?? 0 };
}
