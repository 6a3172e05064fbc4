import { type Batch, openEvidence } from '@clew/evidence';
import { assertTimeLeft } from './assert-time-left.ts';
import { checkOptions } from './check-options.ts';
import type { VerifyCommand } from './cli/parse-verify.ts';
import type { Run } from './cli/run-verify.ts';
import { collect, type Readers } from './collect/collect.ts';
import { createClient, type StoreAddress } from './http/client.ts';
import { createJaegerReader } from './readers/jaeger/reader.ts';
import { createLokiReader } from './readers/loki/reader.ts';
import { createPrometheusReader } from './readers/prometheus/reader.ts';
import type { Sink, Window } from './readers/reader.ts';
import { selectorOf } from './readers/selector.ts';
import { createTempoReader } from './readers/tempo/reader.ts';
import type { Report } from './report.ts';
import { jaegerKind, lokiKind, prometheusKind, type StoreKind, storeKinds, tempoKind } from './stores.ts';
import { chosenChecks, verifyEvidence } from './verify-evidence.ts';

const WINDOW_US = 3_600_000_000;
const GRACE_US = 30_000_000;

const CAUSES = [
  'nothing was sent in that time (--window, --since, --until)',
  'another tenant (--tenant)',
  'the services have other names (--service, --namespace), or these are in another label than service_name (--prometheus-selector, --loki-selector)',
];

/** Reads stores into evidence, then checks it. `run.folder` is for the evidence unless it is to be kept. */
export async function verifyStores(command: VerifyCommand, { folder, progress, beforeChecks }: Run): Promise<Report> {
  const { keep, tallies, limit, maxLines } = command;
  const evidence = openEvidence({ file: keep ?? `${folder}/evidence.sqlite` });
  const sink: Sink = {
    write: (batches: Batch[]) => evidence.write(batches),
    gap: (signal, reason, count = 1) =>
      evidence.gap([{ kind: 'uncheckable', signal, reason, count, timeUs: Date.now() * 1000 }]),
    progress: (text) => progress.show(text),
  };
  const readers = createReaders(command, sink);
  try {
    if (tallies.length > 0) evidence.tally(tallies);
    await pingAll(readers);
    const options = { window: windowOf(command), checks: chosenChecks(command), limit, maxLines, sink };
    const { window, ...restricted } = await collect(evidence, readers, options);
    progress.show('the evidence');
    beforeChecks();
    return verifyEvidence(evidence, {
      ...checkOptions(command),
      since: window.sinceUs,
      until: window.untilUs,
      ...restricted,
      lookedIn: { where: namesOf(command), causes: CAUSES },
    });
  } finally {
    await Promise.all(Object.values(readers).map((reader) => reader.close()));
    evidence.close();
  }
}

function createReaders({ stores, scope, selectors, maxLines }: VerifyCommand, sink: Sink): Readers {
  const { prometheus, loki, tempo, jaeger } = stores;
  const client = (kind: StoreKind, address: StoreAddress) => createClient(kind, address);
  const selector = selectorOf(scope);
  return {
    ...(prometheus && {
      metrics: createPrometheusReader(client(prometheusKind, prometheus), selectors.prometheus ?? selector, sink),
    }),
    ...(loki && { logs: createLokiReader(client(lokiKind, loki), selectors.loki ?? selector, maxLines, sink) }),
    ...(tempo && { traces: createTempoReader(client(tempoKind, tempo), scope, sink) }),
    ...(jaeger && { traces: createJaegerReader(client(jaegerKind, jaeger), scope, sink) }),
  };
}

function namesOf({ stores }: VerifyCommand): string {
  const given = storeKinds.flatMap(({ flag, name }) => (stores[flag] ? [`${name} at ${stores[flag].url}`] : []));
  return given.join(', ');
}

/** Every store that is not as it should be, in one message: nobody likes to mend one and then hear of the next. */
async function pingAll(readers: Readers): Promise<void> {
  const pings = await Promise.allSettled(Object.values(readers).map((reader) => reader.ping()));
  const failures = pings
    .filter((ping) => ping.status === 'rejected')
    .map(({ reason }: PromiseRejectedResult) => reason as Error);
  if (failures.length > 0) throw new Error(failures.map(({ message }) => message).join('\n'));
}

function windowOf({ time }: VerifyCommand): Window {
  const { grace = GRACE_US, window = WINDOW_US } = time;
  const newest = Date.now() * 1000 - grace;
  const untilUs = Math.min(time.until ?? newest, newest);
  const sinceUs = time.since ?? untilUs - window;
  assertTimeLeft({ since: sinceUs, until: untilUs, grace });
  return { sinceUs, untilUs };
}
