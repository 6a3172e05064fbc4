import assert from 'node:assert/strict';
import { test } from 'node:test';
import { helpText, parseFlags } from '../src/flags.ts';

const defaults = {
  grpcPort: 4317,
  httpPort: 4318,
  apiPort: 4320,
  host: '127.0.0.1',
  maxBytes: 268_435_456,
  scrapeIntervalMs: 5000,
  targets: [],
};

test('without flags: the ports of OTLP, on loopback', () => {
  assert.deepEqual(parseFlags([]), { help: false, exitWithParent: false, options: defaults, problems: [] });
});

test('every flag is read', () => {
  const { options, exitWithParent, problems } = parseFlags([
    '--otlp-grpc-port=0',
    '--otlp-http-port',
    '1',
    '--api-port',
    '65535',
    '--host',
    '0.0.0.0',
    '--file',
    'run.clew',
    '--max-bytes',
    '1048576',
    '--scrape',
    'http://127.0.0.1:9464/metrics;service_name=prom-otel;service_namespace=clew',
    '--scrape',
    'http://localhost/a=b',
    '--scrape-interval',
    '100',
    '--exit-with-parent',
  ]);
  assert.deepEqual(problems, []);
  assert.equal(exitWithParent, true);
  assert.deepEqual(options, {
    grpcPort: 0,
    httpPort: 1,
    apiPort: 65_535,
    host: '0.0.0.0',
    file: 'run.clew',
    maxBytes: 1_048_576,
    scrapeIntervalMs: 100,
    targets: [
      { url: 'http://127.0.0.1:9464/metrics', labels: { service_name: 'prom-otel', service_namespace: 'clew' } },
      { url: 'http://localhost/a=b', labels: {} },
    ],
  });
});

test('every mistake is named, once', () => {
  const { problems } = parseFlags([
    '--otlp-port',
    '1',
    'file',
    '--api-port',
    '70000',
    '--otlp-http-port=',
    '--max-bytes',
    '1e9',
    '--exit-with-parent=no',
    '--scrape',
    'localhost:9464;a=b',
    '--scrape',
    'http://localhost/;a b=c',
    '--host',
  ]);
  assert.deepEqual(problems, [
    '--otlp-port: no such flag',
    '1: not expected; every argument has a flag',
    'file: not expected; every argument has a flag',
    '--otlp-http-port: needs a value',
    '--exit-with-parent: takes no value',
    '--host: needs a value',
    '--api-port 70000: not a whole number from 0 to 65535',
    '--max-bytes 1e9: not a whole number from 1048576 to 9007199254740991',
    '--scrape localhost:9464: not an http URL',
    '--scrape http://localhost/: a b=c is not label=value',
  ]);
});

test('the help has every flag with its default', () => {
  assert.match(helpText(), /--otlp-grpc-port N .*\(4317\)/);
  assert.match(helpText(), /--exit-with-parent +stop when stdin ends/);
});
