import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findTraces, getTrace } from '../../packages/evidence/src/index.ts';
import { freePort } from '../harness/free-port.ts';
import { logsOf, serverSpansOf } from '../harness/read.ts';
import { assertChecksHold, type Run, startRun } from '../harness/run.ts';
import { type ServiceUnderTest, services } from '../harness/services.ts';
import { waitFor } from '../harness/wait-for.ts';
import { type Ended, runScript } from './support/run-script.ts';

const MAIN = 'service/tests/main.mts';
const INTERNAL = 1;

/** As the chart sets them for a service with a trusted listener. */
function variablesOf({ backend, service }: Run, { name, metrics }: ServiceUnderTest): Record<string, string> {
  return {
    SERVICE_NAME: name,
    SERVICE_NAMESPACE: 'clew',
    ENVIRONMENT: 'development',
    SERVICE_URL: service.url,
    ...(service.metricsUrl !== undefined && { SERVICE_METRICS_URL: service.metricsUrl }),
    PATHS: '/ /api/users/7',
    SIGNALS: metrics === 'scrape' ? 'traces' : 'traces metrics logs',
    TRUST_INBOUND_TRACE: 'true',
    WAIT_SECONDS: '30',
    OTEL_EXPORTER_OTLP_ENDPOINT: backend.grpcUrl,
  };
}

function assertHolds({ code, output }: Ended, checks: number): void {
  assert.equal(code, 0, output);
  assert.equal(output.match(/^ {2}ok /gm)?.length, checks, output);
  assert.match(output, new RegExp(`^all ${checks} hold$`, 'm'));
}

describe('helm test of a service that is well', () => {
  for (const under of services) {
    it(`says what of ${under.name} it looked at, and leaves a whole trace`, async () => {
      await using run = await startRun(under);
      const ended = await runScript(MAIN, variablesOf(run, under));
      assertHolds(ended, 6);
      const [, traceId] = /OTLP traces .* its trace is (\w{32})/.exec(ended.output) ?? [];
      assert.ok(traceId, ended.output);
      assert.equal(await run.service.stop(), 0);

      const spans = getTrace(run.backend.evidence, traceId);
      const root = spans.find(({ service }) => service === 'helm-test');
      assert.equal(root?.kind, INTERNAL);
      assert.ok(spans.filter(({ parentSpanId }) => parentSpanId === root.spanId).length >= 2);
      const [line] = logsOf(run.backend, 'helm-test');
      if (under.logs === 'otlp')
        assert.deepEqual([line?.traceId, line?.spanId, line?.level], [traceId, root.spanId, 'info']);
      assertChecksHold(run.backend, ['orphan-spans', 'multi-root', 'exemplar-trace']);
      assert.ok(!findTraces(run.backend.evidence, { limit: 100 }).some((trace) => trace.traceId !== traceId));
    });
  }

  it('takes any exemplar where callers are not trusted', async () => {
    const under = services.find(({ name }) => name === 'prom-otel') ?? assert.fail();
    await using run = await startRun(under, { TRUST_INBOUND_TRACE: 'false' });
    const variables = variablesOf(run, under);
    assertHolds(await runScript(MAIN, { ...variables, TRUST_INBOUND_TRACE: 'false' }), 6);
    const { code, output } = await runScript(MAIN, { ...variables, WAIT_SECONDS: '1' });
    assert.equal(code, 1, output);
    assert.match(output, /none has the trace_id \w{32} of this call\n +.*TRUST_INBOUND_TRACE/);
    assert.match(output, /^1 of 6 failed$/m);
  });

  it('sends by http/protobuf, with the headers of a secret', async () => {
    const under = services.find(({ name }) => name === 'full-otel') ?? assert.fail();
    await using run = await startRun(under);
    const { httpUrl } = run.backend;
    const ended = await runScript(MAIN, {
      ...variablesOf(run, under),
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl,
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${httpUrl}/v1/logs`,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20c2VjcmV0',
    });
    assertHolds(ended, 6);
    assert.doesNotMatch(ended.output, /c2VjcmV0/);
    const { traceId } = (await waitFor(() => serverSpansOf(run.backend, under.name)[0])) ?? assert.fail();
    assert.match(ended.output, new RegExp(`its trace is ${traceId}`));
  });

  it('waits for one that is late', async () => {
    const under = services.find(({ name }) => name === 'full-otel') ?? assert.fail();
    const port = await freePort();
    await using backend = await startRun(under);
    const variables = { ...variablesOf(backend, under), SERVICE_URL: `http://127.0.0.1:${port}` };
    const ended = runScript(MAIN, variables);
    await using _late = await startRun(under, { PORT: String(port) });
    assertHolds(await ended, 6);
  });
});

it('one that is not there fails, with everything else that is wrong', async () => {
  const nowhere = `http://127.0.0.1:${await freePort()}`;
  const { code, output } = await runScript(MAIN, {
    SERVICE_NAME: 'prom-otel',
    SERVICE_URL: nowhere,
    SERVICE_METRICS_URL: `${nowhere}/metrics`,
    PATHS: '/ /api/users/7',
    SIGNALS: 'traces logs',
    OTEL_EXPORTER_OTLP_ENDPOINT: nowhere,
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://no-such-host.invalid:4317',
    WAIT_SECONDS: '0',
  });
  assert.equal(code, 1);
  assert.match(output, /^7 of 7 failed$/m, output);
  assert.equal(output.match(/nothing listens there .*ECONNREFUSED/g)?.length, 6, output);
  assert.match(output, /no-such-host\.invalid:4317: no such host/);
});
