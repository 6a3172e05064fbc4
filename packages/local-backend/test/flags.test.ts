import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
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

suite('services whose faults the page switches', () => {
  const token = { FAULTS_ADMIN_TOKEN: 'secret' };

  test('are read with the token of the environment', () => {
    const { options, problems } = parseFlags(
      ['--fault-target', 'full-otel=http://127.0.0.1:8080', '--fault-target=b=https://b.example/c=d/'],
      token,
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(options.faultTargets, {
      token: 'secret',
      services: [
        { name: 'full-otel', url: 'http://127.0.0.1:8080' },
        { name: 'b', url: 'https://b.example/c=d/' },
      ],
    });
  });

  test('are none without the flag, whatever the environment has', () => {
    assert.deepEqual(parseFlags([], token).options, defaults);
  });

  const mistakes: [args: string[], env: { FAULTS_ADMIN_TOKEN?: string }, problem: RegExp][] = [
    [['--fault-target', 'a=http://a'], {}, /^--fault-target: set FAULTS_ADMIN_TOKEN/],
    [['--fault-target', 'a=http://a'], { FAULTS_ADMIN_TOKEN: '' }, /^--fault-target: set FAULTS_ADMIN_TOKEN/],
    [['--fault-target', 'http://a'], token, /^--fault-target http:\/\/a: not NAME=URL/],
    [['--fault-target', 'a=b:80'], token, /^--fault-target a=b:80: not NAME=URL/],
    [['--fault-target', '=http://a'], token, /^--fault-target =http:\/\/a: not NAME=URL/],
    [['--fault-target='], token, /^--fault-target: needs a value$/],
    [
      ['--fault-target', 'a=http://a', '--fault-target', 'a=http://b'],
      token,
      /^--fault-target a=http:\/\/b: there is another of this name$/,
    ],
  ];
  for (const url of ['http://user:hunter2@a', 'http://user@a', 'http://a/?hunter2', 'http://a/?', 'http://a#hunter2']) {
    test(`--fault-target a=${url}: is refused, and what may be secret in it is not repeated`, () => {
      const { problems } = parseFlags(['--fault-target', `a=${url}`], token);
      assert.deepEqual(problems, ['--fault-target a: give a URL without user, password, query and fragment']);
    });
  }

  for (const [args, env, problem] of mistakes) {
    test(`${args.join(' ')}${env === token ? '' : ' without a token'}: one mistake`, () => {
      const { problems } = parseFlags(args, env);
      assert.equal(problems.length, 1);
      assert.match(problems[0] ?? '', problem);
    });
  }
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
