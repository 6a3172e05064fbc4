import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parseVerify } from '../../src/cli/parse-verify.ts';

const NOW = 1_700_000_000_000_000;

function parse(args: string[], env: NodeJS.ProcessEnv = {}) {
  return parseVerify(args, env, NOW);
}

function file(t: TestContext, content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'clew-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'file'), content);
  return join(folder, 'file');
}

test('reads stores with tenant, headers and TLS, each for whom it is meant', (t) => {
  const pem = file(t, 'PEM');
  const { stores, problems } = parse(
    [
      ['--prometheus', 'https://m:8080/prometheus', '--loki', 'http://l:3100', '--jaeger', 'http://j:16686'],
      [
        '--tenant',
        'demo',
        '--header',
        'X-All: 1',
        '--prometheus-header',
        'X-Own: 1',
        '--loki-header',
        'X-Own: 2',
        '--jaeger-header',
        'X-Own: 3',
        '--ca',
        pem,
        '--insecure',
        '--rate',
        '5',
      ],
    ].flat(),
  );
  assert.deepEqual(problems, []);
  const tls = { ca: 'PEM', insecure: true };
  const tenant = { 'x-scope-orgid': 'demo', 'x-all': '1' };
  assert.deepEqual(stores, {
    prometheus: { url: 'https://m:8080/prometheus', headers: { ...tenant, 'x-own': '1' }, tls, rate: 5 },
    loki: { url: 'http://l:3100/', headers: { ...tenant, 'x-own': '2' }, tls, rate: 5 },
    jaeger: { url: 'http://j:16686/', headers: { 'x-all': '1', 'x-own': '3' }, tls, rate: 5 },
  });
});

test('takes credentials from the URL, or the environment, and out of the URL', () => {
  const env = { CLEW_LOKI_TOKEN: 'l0ki', CLEW_BASIC_AUTH: 'me:all' };
  const { stores } = parse(['--prometheus', 'http://a%40b:p%3Aw@m', '--loki', 'http://l', '--tempo', 'http://t'], env);
  const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;
  assert.equal(stores.prometheus?.headers.authorization, basic('a@b:p:w'));
  assert.equal(stores.prometheus?.url, 'http://m/');
  assert.equal(stores.loki?.headers.authorization, 'Bearer l0ki');
  assert.equal(stores.tempo?.headers.authorization, basic('me:all'));
});

test('reads times, checks and what goes with them', (t) => {
  const tallies = [{ generator: 'k6', service: 'shop', method: 'GET', route: '/', status: 200, count: 3 }];
  const command = parse(
    [
      ['--backend', 'local=run.sqlite', '--namespace', 'clew', '--service', 'a', '--service', 'b'],
      ['--since', '2h', '--until', '2023-11-14T22:00:00Z', '--grace', '0', '--retention', '7d'],
      [
        '--only',
        'log-trace',
        '--skip',
        'secrets',
        '--min',
        'log-trace=0.99',
        '--tally',
        file(t, JSON.stringify(tallies)),
      ],
    ].flat(),
  );
  assert.deepEqual(command.problems, []);
  assert.deepEqual([command.backend, command.scope], ['run.sqlite', { namespace: 'clew', services: ['a', 'b'] }]);
  assert.deepEqual(command.time, { since: NOW - 7_200_000_000, until: Date.UTC(2023, 10, 14, 22) * 1000, grace: 0 });
  assert.deepEqual([command.only, command.skip, command.minimum], [['log-trace'], ['secrets'], { 'log-trace': 0.99 }]);
  assert.deepEqual([command.retentionUs, command.tallies], [604_800_000_000, tallies]);
  assert.equal(parse(['--backend', 'local']).backend, '');
  const stores = ['--prometheus', 'http://p:9090', '--loki', 'http://l:3100'];
  const own = ['--prometheus-selector', '{job="shop"}', '--loki-selector', '{app="shop"}'];
  assert.deepEqual(parse([...stores, ...own]).selectors, { prometheus: '{job="shop"}', loki: '{app="shop"}' });
});

test('says everything that is wrong at once', (t) => {
  const { problems } = parse(
    [
      ['what', '--nope', '--prometheus', 'ftp://x', '--loki', 'http://user:hunter2@', '--since', 'yesterday'],
      ['--min', 'log-trace=2', '--only', 'nonsense', '--output', 'xml', '--ca', '/no/such', '--cert', file(t, 'x')],
      ['--tally', file(t, '[{}]'), '--tempo-header', 'no colon', '--limit', '0', '--limit', '5', '--insecure=yes'],
      ['--loki-selector', 'app', '--keep', file(t, ''), '--retention', '0', '--window'],
    ].flat(),
  );
  const expected = [
    /^what: not expected/,
    /^--nope: no such flag/,
    /^--prometheus: not an http/,
    /^--loki: not an http/,
    /^--since yesterday: not a time/,
    /^--window: needs a value/,
    /^--retention 0: not a duration above 0/,
    /^--min log-trace=2: not CHECK=SHARE/,
    /^--only nonsense: no such check; there are exemplar-trace/,
    /^--output xml: not one of table, json, junit/,
    /^--ca \/no\/such: cannot be read \(ENOENT\)/,
    /^--cert and --key: one needs the other/,
    /^--tally .*: not a JSON list/,
    /^--tempo-header: not 'Name: value'/,
    /^--limit 0: not a number above 0/,
    /^--limit: given more than once/,
    /^--insecure: takes no value/,
    /^--loki-selector app: not a selector/,
    /^--keep .*: is there already/,
  ];
  for (const problem of expected)
    assert.ok(
      problems.some((one) => problem.test(one)),
      String(problem),
    );
  assert.ok(!problems.join().includes('hunter2'));
});

test('stores are needed, and do not mix with the local backend or each other', () => {
  assert.match(parse([]).problems[0] ?? '', /^no store/);
  assert.match(parse(['--backend', 'local', '--loki', 'http://l']).problems[0] ?? '', /leave out --loki/);
  assert.match(
    parse(['--tempo', 'http://t', '--jaeger', 'http://j']).problems[0] ?? '',
    /traces come from one of them/,
  );
  assert.match(parse(['--backend', 'elsewhere']).problems[0] ?? '', /not local, local=FILE or local=URL/);
});
