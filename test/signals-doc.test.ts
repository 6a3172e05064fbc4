import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { listExemplars, listSeries, listServices, type StoredSpan } from '../packages/evidence/src/index.ts';
import { metricName } from '../packages/local-backend/src/prometheus/metric-name.ts';
import { redact } from '../services/full-otel/src/telemetry/log-fields.ts';
import { startFakePeer } from './harness/peer.ts';
import { clientSpansOf, logsOf, serverSpansOf, spansOf } from './harness/read.ts';
import { type RunningBackend, startBackend } from './harness/run.ts';
import { type RunningService, runService } from './harness/running-service.ts';
import { services } from './harness/services.ts';
import { codesIn, type Row, tableUnder } from './markdown.ts';
import {
  assertAttributes,
  assertSame,
  assertTypes,
  type Name,
  nameOf,
  namesIn,
  namesOf,
} from './signals-doc/compare.ts';
import { BAGGAGE, driveEverything } from './signals-doc/drive.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const table = (heading: string) => tableUnder(read('docs/signals.md'), heading);

const SERVER = 2;
const CLIENT = 3;
const ERROR = 2;
const ENVIRONMENT = {
  LOG_OUTPUT: 'both',
  FAULTS: 'hang;share=0;ttlMs=3600000', // it begins and ends, and no request meets it
  FAULTS_FROM_HEADERS: 'true',
  PEER_RETRIES: '0',
  PEER_TIMEOUT: '1000',
  TRUST_INBOUND_TRACE: 'false',
  OTEL_TRACES_SAMPLER: 'no_such_sampler', // the SDK says so in its diagnostics, and takes its default
};

let backend: RunningBackend;
let running: RunningService[];
/** What a scrape of prom-otel gets. */
let page = '';
/** Baggage of the calls to the peer. */
let passedOn: string[] = [];

before(async () => {
  backend = await startBackend();
  await using peer = await startFakePeer();
  const environment = { ...ENVIRONMENT, PEER_URL: peer.url };
  running = await Promise.all(services.map((under) => runService(under, backend, environment)));
  for (const service of running) {
    await driveEverything(service, peer);
    if (service.metricsUrl !== undefined) page = await (await fetch(service.metricsUrl)).text();
    assert.equal(await service.stop(), 0, service.lastLines().join('\n'));
  }
  passedOn = peer.calls.flatMap(({ baggage }) => String(baggage ?? '').match(/[^=,]+(?==)/g) ?? []);
});

after(async () => {
  for (const service of running ?? []) await service[Symbol.asyncDispose]();
  await backend?.close();
});

describe('docs/signals.md has what is emitted and nothing else:', () => {
  it('attributes of the resource', () => {
    for (const { name } of services) {
      const resources = [...new Set(spansOf(backend, name).map(({ resource }) => JSON.stringify(resource)))];
      assert.equal(resources.length, 1, name);
      assertSame(namesOf(table('Resource')), Object.keys(JSON.parse(String(resources[0]))), name);
    }
    const full = listServices(backend.evidence).find(({ name }) => name === 'full-otel');
    assert.equal(full?.resources.length, 1, 'its spans, metrics and log records have the same one');
  });

  it('attributes of SERVER spans', () => {
    assertAttributes(table('Attributes of SERVER spans'), ofBoth(serverSpansOf));
  });

  it('kinds of spans; name, status, links, events and scope of SERVER spans', () => {
    const kinds = new Set(ofBoth(spansOf).map(({ kind }) => kind));
    assert.deepEqual(kinds, new Set([SERVER, CLIENT]));
    for (const { name, status, statusMessage, attributes, links, events, scope } of ofBoth(serverSpansOf)) {
      const { 'http.request.method': method, 'http.route': route, 'http.response.status_code': code } = attributes;
      assert.equal(name, [method === '_OTHER' ? 'HTTP' : method, route].filter(Boolean).join(' '));
      assert.equal(status, Number(code) >= 500 ? ERROR : 0, name);
      assert.deepEqual({ statusMessage, events, scope }, { statusMessage: null, events: [], scope: 'clew.http' });
      const calledFromTrace = 'test.run.id' in attributes; // the two headers are sent together
      assert.equal(links.length, calledFromTrace ? 1 : 0, name);
    }
  });

  it('attributes of CLIENT spans and of their events', () => {
    const spans = ofBoth(clientSpansOf);
    assertAttributes(table('Attributes of CLIENT spans'), spans);
    const events = spans.flatMap((span) => span.events);
    assert.deepEqual([...new Set(events.map(({ name }) => name))], ['exception']);
    assertAttributes(table('Attributes of the event `exception`'), events);
  });

  it('metrics of full-otel', () => {
    const rows = table('Metrics of full-otel');
    for (const row of rows) {
      const [metric, unit, series] = ['metric', 'unit', 'in Prometheus'].map((column) => nameOf(row, column).name);
      assert.equal(series, metricName(String(metric), String(unit), typeOf(row)));
    }
    const documented = rows.map((row) => ({
      metric: nameOf(row, 'in Prometheus'),
      type: typeOf(row),
      labels: namesIn(row.attributes).map(({ name, mark }) => ({ name: name.replaceAll('.', '_'), mark })),
    }));
    assertMetrics(documented, 'full-otel');
  });

  it('metrics of prom-otel', () => {
    const rows = table('Metrics of prom-otel');
    assertMetrics(
      rows.map((row) => ({ metric: nameOf(row), type: String(row.type), labels: namesIn(row.labels) })),
      'prom-otel',
    );
  });

  it('labels of exemplars, and where they are', () => {
    const found = [...page.matchAll(/^(\w+)\{.* # \{(.*)\} /gm)];
    assert.ok(found.length > 5);
    for (const [, series, labels] of found) {
      assert.equal(series, 'http_server_request_duration_seconds_bucket');
      const names = [...String(labels).matchAll(/(\w+)="/g)].map(([, name]) => String(name));
      assertSame(namesOf(table('Exemplars')), names);
    }
    const overOtlp = listExemplars(backend.evidence, { service: 'full-otel', limit: 1000 });
    const metrics = [...new Set(overOtlp.map(({ metric }) => metric))].sort();
    assert.deepEqual(metrics, [
      'clew_fault_labels_total',
      'http_client_request_duration_seconds',
      'http_server_request_duration_seconds',
    ]);
  });

  it('log lines and their fields on stdout', () => {
    const onEveryLine = table('On every line');
    const common = namesOf(onEveryLine).map(({ name }) => name);
    const lines = stdoutLines().map((line) => ({ message: String(line.msg), fields: Object.keys(line) }));
    assertLines(lines, { common });
    for (const { message, fields } of lines) {
      const found = fields.filter((name) => common.includes(name));
      if (message.startsWith('request ')) assertSame(namesOf(onEveryLine), found, message);
    }
  });

  it('log records and their attributes over OTLP', () => {
    const records = logsOf(backend, 'full-otel').filter(({ source }) => source === 'otlp');
    const lines = records.map(({ body, attributes }) => ({ message: body, fields: Object.keys(attributes) }));
    // What prom-otel alone says, and what the SDK says before it exports anything.
    assertLines(lines, { never: ['metrics listening', 'telemetry error'] });
    const inRequest = records.filter(({ body }) => body.startsWith('request '));
    assert.ok(inRequest.every(({ traceId, spanId, traceFlags }) => traceId && spanId && traceFlags === 1));
  });

  it('fields of log lines; messages that the code has', () => {
    const fields = table('Fields');
    const named = table('Lines').flatMap((row) => namesIn(row.fields));
    assertSame(
      namesOf(fields),
      named.map(({ name }) => name),
    );
    assertTypes(fields, stdoutLines());
    const files = globSync(['services/*/src/**/*.ts', 'packages/{service,faults}/src/**/*.ts'], { cwd: ROOT });
    const code = files.map(read).join('\n');
    for (const { name } of namesOf(table('Lines'))) assert.ok(code.includes(`'${name}'`), `nothing logs "${name}"`);
  });

  it('baggage that passes to spans, log lines and the peer', () => {
    const entries = namesOf(table('Baggage'));
    const wasSent = (name: string) => BAGGAGE.includes(`${name}=`);
    assertSame(
      entries,
      ofBoth(serverSpansOf)
        .flatMap(({ attributes }) => Object.keys(attributes))
        .filter(wasSent),
    );
    assertSame(entries, stdoutLines().flatMap(Object.keys).filter(wasSent));
    assertSame(entries, passedOn);
  });

  it('what is cut out of text', () => {
    for (const row of table('What is redacted')) {
      const [comesIn, goesOut] = Object.values(row).flatMap(codesIn);
      assert.equal(redact(String(comesIn)), goesOut);
    }
  });

  it('what is left out', () => {
    const places: Record<string, object[]> = {
      'SERVER spans': ofBoth(serverSpansOf).map(({ attributes }) => attributes),
      'completion lines': stdoutLines().filter(({ msg }) => msg === 'request completed'),
      resource: ofBoth(spansOf).map(({ resource }) => resource),
    };
    for (const row of table('What is left out on purpose')) {
      const place = places[String(row.where)];
      assert.ok(place && place.length > 0, `nothing was emitted in ${row.where}`);
      assert.ok(!place.some((item) => nameOf(row).name in item), `${nameOf(row).name} is in ${row.where}`);
    }
  });
});

function assertMetrics(documented: { metric: Name; type: string; labels: Name[] }[], service: string): void {
  // The scraper's own metric, and the labels that say whose series it is.
  const series = listSeries(backend.evidence, { service, limit: 100_000 }).filter(({ metric }) => metric !== 'up');
  const ofTarget = /^(service_(name|namespace|instance_id)|deployment_environment_name)$/;
  const metrics = Map.groupBy(series, ({ metric }) => metric);
  assertSame(
    documented.map(({ metric }) => metric),
    [...metrics.keys()],
    service,
  );
  for (const { metric, type, labels } of documented) {
    const found = metrics.get(metric.name) ?? [];
    const names = found.flatMap((one) => Object.keys(one.labels)).filter((name) => !ofTarget.test(name));
    if (found.length > 0) assertSame(labels, names, `${service}: ${metric.name}`);
    for (const one of found) assert.equal(one.type, type, `${service}: ${metric.name}`);
  }
}

/** @param options.common fields that every line may have; `never`: messages that do not come this way */
function assertLines(
  lines: { message: string; fields: string[] }[],
  { common = [], never = [] }: { common?: string[]; never?: string[] },
): void {
  const rows = table('Lines').filter((row) => !never.includes(nameOf(row).name));
  const messages = Map.groupBy(lines, ({ message }) => message);
  assertSame(namesOf(rows), [...messages.keys()]);
  const onAny = [...common, ...namesOf(table('Baggage')).map(({ name }) => name)];
  for (const row of rows) {
    const { name } = nameOf(row);
    const found = messages.get(name);
    const fields = found?.flatMap((line) => line.fields).filter((field) => !onAny.includes(field));
    if (fields) assertSame(namesIn(row.fields), fields, name);
  }
}

function stdoutLines(): Record<string, unknown>[] {
  return running.flatMap((service) => service.logLines());
}

function ofBoth(spans: (backend: RunningBackend, service: string) => StoredSpan[]): StoredSpan[] {
  return services.flatMap(({ name }) => spans(backend, name));
}

function typeOf({ instrument }: Row): 'counter' | 'gauge' | 'histogram' {
  return instrument === 'counter' || instrument === 'histogram' ? instrument : 'gauge';
}
