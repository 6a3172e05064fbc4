import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { configSchema } from '../src/config-schema.ts';
import { ConfigError, describeConfig, parseConfig } from '../src/read-config.ts';

test('without variables every setting has its default', () => {
  assert.deepEqual(parseConfig({}, {}), {
    PORT: 8080,
    HOST: '0.0.0.0',
    METRICS_PORT: 9464,
    METRICS_LINGER: 15_000,
    LOG_LEVEL: 'info',
    PEER_TIMEOUT: 2_000,
    PEER_RETRIES: 2,
    PEER_RETRY_BUDGET: 0.1,
    DRAIN_DELAY: 5_000,
    MAX_EVENT_LOOP_DELAY: 1_000,
    TRUST_INBOUND_TRACE: false,
    TRUST_PROXY: 'false',
    EXPOSE_TRACE_ID: false,
    SEED: 1,
    FAULTS_FROM_HEADERS: false,
  });
});

test("a variable goes before the service's default, and that before the schema's", () => {
  const config = parseConfig({ PORT: 4000, LOG_OUTPUT: 'otlp' }, { PORT: '4001', EXPOSE_TRACE_ID: 'true' });
  assert.equal(config.PORT, 4001);
  assert.equal(config.LOG_OUTPUT, 'otlp');
  assert.equal(config.EXPOSE_TRACE_ID, true);
  assert.ok(Object.isFrozen(config));
});

test('an empty variable counts as unset, and other variables are left out', () => {
  const config = parseConfig({ PORT: 4000 }, { PORT: '', PEER_URL: '', HOME: '/root' });
  assert.equal(config.PORT, 4000);
  assert.equal('PEER_URL' in config, false);
  assert.equal('HOME' in config, false);
});

const wrong: [name: string, value: string, message: RegExp][] = [
  ['PORT', 'http', /PORT="http": expected a whole number from 0 to 65535/],
  ['PORT', '65536', /PORT="65536"/],
  ['PORT', '80.5', /PORT="80.5"/],
  ['PEER_TIMEOUT', '2s', /PEER_TIMEOUT="2s": expected a whole number from 1 to 10000\. .*Milliseconds/],
  ['PEER_RETRY_BUDGET', '1.1', /expected a number from 0 to 1\./],
  ['LOG_LEVEL', 'loud', /LOG_LEVEL="loud": expected one of trace, debug, info, warn, error, fatal/],
  ['LOG_OUTPUT', 'file', /expected one of stdout, otlp, both/],
  ['EXPOSE_TRACE_ID', 'yes', /expected true or false/],
  ['PEER_URL', 'localhost:8080', /PEER_URL: expected an http or https URL/],
  ['PEER_URL', 'peer', /PEER_URL: expected an http or https URL/],
  ['PEER_URL', 'http://peer:8080/?x=1', /PEER_URL="http:\/\/peer\.\.\.": expected an http or https URL/],
  ['TRUST_PROXY', 'http://u:hunter2@x', /TRUST_PROXY="http:\/\/\*\*\*@x": expected true, false, or IP addresses/],
  ['TRUST_PROXY', '1', /TRUST_PROXY="1": expected true, false, or IP addresses/],
  ['TRUST_PROXY', '10.0.0.0/33', /TRUST_PROXY=/],
  ['TRUST_PROXY', '10.0.0.0/8,', /TRUST_PROXY=/],
  ['TRUST_PROXY', 'proxy.example.com', /TRUST_PROXY=/],
];
for (const [name, value, message] of wrong) {
  test(`${name}=${value} is refused with what would work`, () => {
    assert.throws(() => parseConfig({}, { [name]: value }), { name: 'ConfigError', message });
  });
}

const right: [name: string, value: string][] = [
  ['PORT', '0'],
  ['PEER_URL', 'http://localhost:8081'],
  ['PEER_URL', 'https://gateway/prom-otel/'],
  ['TRUST_PROXY', 'true'],
  ['TRUST_PROXY', '10.0.0.0/8, fd00::/8,loopback,192.0.2.1'],
];
for (const [name, value] of right) {
  test(`${name}=${value} works`, () => {
    assert.ok(parseConfig({}, { [name]: value }));
  });
}

test('every problem is in one message, a line each, and no password', () => {
  for (const PEER_URL of [
    'http://user:hunter2@peer',
    'http:/user:hunter2@peer',
    'user:hunter2@peer:8080',
    'http://user:hunter2',
    'http://peer/?api_key=hunter2',
    'http://peer/hunter2#x',
    'http://user:8#hunter2@peer',
  ]) {
    assert.throws(
      () => parseConfig({}, { PORT: 'x', PEER_RETRIES: '-1', PEER_URL }),
      (error: unknown) => {
        assert.ok(error instanceof ConfigError);
        assert.equal(error.message.split('\n').length, 4);
        assert.match(error.message, /PEER_URL.*: expected an http or https URL/);
        assert.doesNotMatch(error.message, /hunter2/);
        return true;
      },
      PEER_URL,
    );
  }
});

test('what another package finds wrong with a value stands beside the rest', () => {
  const checks = { FAULTS: (value: string) => (value === 'bad' ? 'ms is missing' : undefined) };
  assert.equal(parseConfig({}, { FAULTS: 'good' }, checks).FAULTS, 'good');
  assert.ok(parseConfig({}, { FAULTS: '' }, checks));
  const message = /^These settings cannot work:\n {2}PORT="x".*\n {2}FAULTS: ms is missing\. Faults that are .*$/;
  assert.throws(() => parseConfig({}, { FAULTS: 'bad', PORT: 'x' }, checks), { name: 'ConfigError', message });
  assert.throws(() => parseConfig({}, { FAULTS: 'bad' }, checks), { name: 'ConfigError', message: /FAULTS: ms/ });
});

test('a process with settings that cannot work ends with exit code 1 and says all of them on stderr', () => {
  const code = `import { readConfig } from ${JSON.stringify(new URL('../src/read-config.ts', import.meta.url).href)};
    readConfig({ PORT: 8080 }); console.log('started');`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    env: { PORT: 'x', LOG_LEVEL: 'loud' },
    encoding: 'utf8',
  });
  assert.equal(status, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /^These settings cannot work:\n {2}PORT="x".*\n {2}LOG_LEVEL="loud".*\n$/);
});

test('every setting is described', () => {
  const rows = describeConfig({ PORT: 4000 });
  assert.deepEqual(
    rows.map(({ name }) => name),
    Object.keys(configSchema.properties),
  );
  for (const row of rows) assert.match(row.description, /\.$/, row.name);
  assert.equal(rows[0]?.default, '4000');
});
