import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { answers } from '../../deploy/helm/service/tests/answers.mts';
import type { Check } from '../../deploy/helm/service/tests/check.mts';
import { metricsPage } from '../../deploy/helm/service/tests/metrics-page.mts';
import { otlp } from '../../deploy/helm/service/tests/otlp.mts';
import { readSettings, type Settings } from '../../deploy/helm/service/tests/settings.mts';
import { startTrace } from '../../deploy/helm/service/tests/trace.mts';
import { startSilentCollector } from '../harness/collector.ts';

const OTHER = 'a'.repeat(32);
const PAGE = `# TYPE x histogram\nx_bucket{le="+Inf"} 1 # {trace_id="${OTHER}",span_id="${'b'.repeat(16)}"} 0.1 1700000000.5\nx_count 1\n# EOF\n`;
const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

async function served(t: TestContext, server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo; // it listens on a port, not on a pipe
  return `http://127.0.0.1:${port}`;
}

const answering = (t: TestContext, listener: RequestListener) => served(t, createServer(listener));

/** What the checks say, of what is wrong or of what they found. */
async function said(of: (settings: Settings) => Check[], env: Record<string, string>): Promise<string> {
  const outcomes = of(readSettings(env)).map(({ name, look }) =>
    look().then(
      (found) => `${name}: ok, ${found}`,
      (error: Error) => `${name}: ${error.message}`,
    ),
  );
  return (await Promise.all(outcomes)).join('\n');
}

describe('helm test says of a service', () => {
  const answersOf = (env: Record<string, string>) =>
    said((settings) => answers(settings, startTrace(settings)), { SERVICE_NAME: 'shop', PATHS: '/', ...env });

  it('that it is not ready', async (t) => {
    const url = await answering(t, (_, response) => response.writeHead(503).end('{"database":"down"}'));
    assert.match(
      await answersOf({ SERVICE_URL: url }),
      /readyz: 503 \{"database":"down"\}\n +not ready: .*kubectl logs/,
    );
  });

  it('that it has another name', async (t) => {
    const url = await answering(t, (_, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"name":"other"}'),
    );
    assert.match(
      await answersOf({ SERVICE_URL: url }),
      /calls itself other, and not shop\n +look at image\.repository/,
    );
  });

  it('that it fails, and in which trace', async (t) => {
    const url = await answering(t, (_, response) => response.writeHead(500).end('x'.repeat(1000)));
    assert.match(await answersOf({ SERVICE_URL: url }), /GET \/: 500 x{200}\.\.\. \(trace_id \w{32}\)\n +its log/);
  });

  it('that it has no such path', async (t) => {
    const url = await answering(t, (_, response) => response.writeHead(404).end());
    assert.match(await answersOf({ SERVICE_URL: url }), /GET \/: 404.*\n +.*tests\.paths/);
  });

  it('that it does not answer', async (t) => {
    const url = await answering(t, () => {});
    assert.match(await answersOf({ SERVICE_URL: url }), /no answer within 5 s .*\n +look for a NetworkPolicy/);
  });
});

describe('helm test says of a page of metrics', () => {
  const pages: Record<string, [type: string, page: string, said: RegExp]> = {
    'that it is no OpenMetrics': ['text/plain; version=0.0.4', PAGE, /it is text\/plain.*\n +exemplars come with/],
    'that it has no end': [OPEN_METRICS, PAGE.replace('# EOF\n', ''), /does not end with "# EOF"/],
    'that a line is broken': [OPEN_METRICS, PAGE.replace('x_count 1', 'x_count one'), /no OpenMetrics: x_count one/],
    'that an exemplar is broken': [OPEN_METRICS, PAGE.replace(',span_id', ' span_id'), /no OpenMetrics: x_bucket/],
    'that it is empty': [OPEN_METRICS, '# EOF\n', /it has no samples/],
    'that it has no exemplar': [
      OPEN_METRICS,
      'x_count 1\n# EOF\n',
      /none with a trace_id on the page\n +.*OTEL_TRACES_SAMPLER/,
    ],
    'that its exemplars are of other traces': [OPEN_METRICS, PAGE, /1 on the page, none has the trace_id/],
  };
  for (const [name, [type, page, expected]] of Object.entries(pages)) {
    it(name, async (t) => {
      const url = await answering(t, (_, response) => response.writeHead(200, { 'content-type': type }).end(page));
      const env = { SERVICE_URL: url, SERVICE_METRICS_URL: url, PATHS: '/', SIGNALS: 'traces' };
      const text = await said((settings) => metricsPage(settings, startTrace(settings)), {
        ...env,
        TRUST_INBOUND_TRACE: 'true',
      });
      assert.match(text, expected);
    });
  }

  it('that there is none', async (t) => {
    const url = await answering(t, (_, response) => response.writeHead(404).end());
    const text = await said((settings) => metricsPage(settings, startTrace(settings)), { SERVICE_METRICS_URL: url });
    assert.match(text, /404\n +scrape\.enabled/);
  });
});

describe('helm test says of what takes OTLP', () => {
  const otlpTo = (url: string, env: Record<string, string> = {}) =>
    said((settings) => otlp(settings, startTrace(settings)), {
      SIGNALS: 'metrics',
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      ...env,
    });
  const HTTP = { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' };

  const statuses: [status: number, said: RegExp][] = [
    [401, /401 who\?\n +.*headersSecret/],
    [404, /404 who\?\n +look at the path/],
    [415, /415 who\?\n +.*no protobuf/],
    [503, /503 who\?\n +it is not ready/],
    [418, /418 who\?\n +the log of what takes OTLP/],
  ];
  for (const [status, expected] of statuses) {
    it(`what to do about ${status}`, async (t) => {
      const url = await answering(t, (_, response) => response.writeHead(status).end('who?'));
      assert.match(await otlpTo(url, HTTP), expected);
    });
  }

  for (const endpoint of ['alloy', 'alloy:4317', '']) {
    for (const [protocol, env] of Object.entries({ grpc: {}, 'http/protobuf': HTTP })) {
      it(`that "${endpoint}" is no URL, with ${protocol}`, async () => {
        assert.match(await otlpTo(endpoint, env), /no URL .*\n +give scheme, host and port/);
      });
    }
  }

  it('what gRPC says, where that is not well encoded', async (t) => {
    const server = createHttp2Server((_, response) =>
      response.writeHead(200, { 'grpc-status': 14, 'grpc-message': '100% full' }).end(),
    );
    assert.match(await otlpTo(await served(t, server)), /gRPC status 14 100% full\n/);
  });

  const ofGrpc: [status: number, said: RegExp][] = [
    [12, /gRPC status 12 unknown service\n +it has no receiver for metrics.*global\.otlp\.metrics/],
    [16, /gRPC status 16 .*\n +.*headersSecret/],
  ];
  for (const [status, expected] of ofGrpc) {
    it(`what to do about gRPC status ${status}`, async (t) => {
      const server = createHttp2Server((_, response) =>
        response.writeHead(200, { 'grpc-status': status, 'grpc-message': 'unknown%20service' }).end(),
      );
      assert.match(await otlpTo(await served(t, server)), expected);
    });
  }

  it('that it speaks HTTP where gRPC is wanted', async (t) => {
    const url = await answering(t, (_, response) => response.writeHead(200).end());
    assert.match(await otlpTo(url), /another protocol is spoken there .*\n +.*4317 is for grpc/);
  });

  it('that it speaks gRPC where HTTP is wanted', async (t) => {
    const url = await served(t, createHttp2Server());
    assert.match(await otlpTo(url, HTTP), /another protocol is spoken there .*\n +.*4318 for http\/protobuf/);
  });

  it('that something else answers', async (t) => {
    const server = createHttp2Server((_, response) => response.writeHead(200).end('<html>'));
    assert.match(await otlpTo(await served(t, server)), /HTTP 200 without a gRPC status/);
  });

  it('that it never answers', async () => {
    await using collector = await startSilentCollector();
    assert.match(await otlpTo(collector.grpcUrl), /no answer within 5 s/);
    assert.match(await otlpTo(collector.httpUrl, HTTP), /no answer within 5 s/);
  });

  it('that its protocol is not known', async () => {
    const text = await otlpTo('http://127.0.0.1:1', { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' });
    assert.match(text, /http\/json is not known here/);
  });

  it('where it is, without a password', async () => {
    const text = await otlpTo('http://user:secret@127.0.0.1:1');
    assert.match(text, /OTLP metrics to http:\/\/127\.0\.0\.1:1, grpc: .*no password of a URL\n +give headers/);
    assert.doesNotMatch(text, /secret/);
  });
});
