import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, type TestContext, test } from 'node:test';
import { assemble } from '../alloy/assemble.ts';
import { additions, filesOf, roles } from '../alloy/roles.ts';
import { freePort } from '../test/harness/free-port.ts';
import { waitFor } from '../test/harness/wait-for.ts';
import { installTool } from '../tools/install-tool.ts';
import { ALLOY } from './stack/alloy.ts';

/** Every role, alone and with each addition that it can have. */
const COMPOSED = Object.keys(roles).flatMap((role) => {
  const takesOtlp = roles[role]?.files.includes('otlp.alloy');
  const fitting = Object.keys(additions).filter((addition) => addition !== 'frontend' || takesOtlp);
  return [role, ...fitting.map((addition) => `${role}+${addition}`)];
});

const found = (program: string) => spawnSync(program, ['--version']).error === undefined;
const BUILT = join(import.meta.dirname, '../.tools/bin/alloy-check');
const noCheck = !existsSync(BUILT) && !found('go') && 'left out: alloy-check is built with Go, which is not on PATH';
const noAlloy = !found(ALLOY) && `left out: ${ALLOY} is not there; put Alloy on PATH or its path into ALLOY_BIN`;

suite('the components of Alloy, without Alloy', { skip: noCheck }, () => {
  let check: string;

  before(async () => {
    [check = ''] = await installTool('alloy-check', { out: process.stderr });
  });

  const findings = (...configuration: string[]): string[] => {
    const { stdout, stderr, error } = spawnSync(check, [configuration.join(',')], { encoding: 'utf8' });
    assert.ifError(error);
    assert.match(stderr, /\d+ files, \d+ components, \d+ findings/);
    return stdout.split('\n').filter((line) => line !== '');
  };

  for (const role of COMPOSED) {
    test(`${role}: no findings`, () => assert.deepEqual(findings(...filesOf(role)), []));
  }

  /** What each kind of mistake in a configuration that is right is found as. */
  const MISTAKES: { file: string; change: [from: string, to: string]; finds: RegExp }[] = [
    { file: 'traces.alloy', change: ['num_traces ', 'num_trace '], finds: /unknown argument "num_trace"/ },
    { file: 'traces.alloy', change: ['policy {', 'polices {'], finds: /unknown block "polices"/ },
    { file: 'traces.alloy', change: ['block_on_overflow = true', 'block_on_overflow = "yes"'], finds: /expected bool/ },
    { file: 'traces.alloy', change: ['key   = "exemplar.recorded"', ''], finds: /argument "key" is missing/ },
    {
      file: 'traces.alloy',
      change: ['traces.input]', 'trace.input]'],
      finds: /no component otelcol.exporter.otlphttp.trace/,
    },
    { file: 'traces.alloy', change: ['traces.input]', 'traces.output]'], finds: /exports input/ },
    { file: 'traces.alloy', change: ['"traces" {', '"traces" {{'], finds: /expected/ },
    { file: 'traces.alloy', change: ['\tnum_traces', 'num_traces'], finds: /not formatted/ },
    { file: 'traces.alloy', change: ['sys.env(', 'sys_env('], finds: /sys_env: neither a component nor a function/ },
    {
      file: 'traces.alloy',
      change: ['num_traces        = 100000', 'num_traces { }'],
      finds: /is an argument, not a block/,
    },
    { file: 'destinations-traces.alloy', change: ['client {', 'clients {'], finds: /block "client" is missing/ },
    { file: 'metrics.alloy', change: ['prometheus.relabel "', 'prometheus.relabels "'], finds: /unknown component/ },
    { file: 'metrics.alloy', change: ['relabel "metrics"', 'relabel'], finds: /needs a label/ },
    { file: 'metrics.alloy', change: ['"drop"', '"drop"\n\t\taction        = "drop"'], finds: /"action" is set twice/ },
    { file: 'otlp.alloy', change: ['grpc {', 'http { }\n\n\tgrpc {'], finds: /block "http" may stand only once/ },
    {
      file: 'otlp.alloy',
      change: ['output {', 'output = {\n\t}\n\n\tgrpc {'],
      finds: /"output" is a block, not an argument/,
    },
    {
      file: 'self.alloy',
      change: ['logging {', 'level = "info"\n\nlogging {'],
      finds: /only blocks may stand at the top/,
    },
    { file: 'self.alloy', change: ['"alloy" { }', '"another" { }'], finds: /exports something that nothing uses/ },
    { file: 'self.alloy', change: ['prometheus.exporter.self "', 'prometheus.echo "'], finds: /no component/ },
    {
      file: 'logs.alloy',
      change: ['loki.process "', 'loki.secretfilter "'],
      finds: /is experimental: Alloy refuses it/,
    },
    {
      file: 'self.alloy',
      change: ['\tjob_name ', '\thonor_metadata = true\n\tjob_name '],
      finds: /argument "honor_metadata" is experimental/,
    },
    {
      file: 'destinations-logs.alloy',
      change: ['\t\tbasic_auth {', '\t\tqueue_config { }\n\n\t\tbasic_auth {'],
      finds: /block "queue_config" is experimental/,
    },
  ];

  for (const { file, change, finds } of MISTAKES) {
    test(`${file} with ${JSON.stringify(change[1])} is found`, (t) => {
      const folder = newFolder(t);
      assemble('docker', folder);
      const path = join(folder, file);
      const right = readFileSync(path, 'utf8');
      assert.ok(right.includes(change[0]), `${file} has no ${change[0]}`);
      writeFileSync(path, right.replace(...change));
      assert.match(findings(folder).join('\n'), finds);
    });
  }

  test('both producers of span metrics are found', (t) => {
    const folder = newFolder(t);
    assemble('traces', folder);
    cpSync(join(import.meta.dirname, '../alloy/span-metrics-by-tempo.alloy'), join(folder, 'both.alloy'));
    assert.match(findings(folder).join('\n'), /otelcol.processor.batch.traces is declared twice/);
  });
});

suite('Alloy itself', { skip: noAlloy }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'clew-alloy-'));
  after(() => rmSync(folder, { recursive: true }));

  for (const role of COMPOSED) {
    test(`${role}: formatted, and valid`, () => {
      const config = join(folder, role);
      assemble(role, config);
      for (const file of filesOf(role)) alloy('fmt', '--test', file);
      alloy('validate', config);
    });
  }

  test('static: runs, and every component is healthy', async (t) => {
    const config = join(folder, 'running');
    assemble('static', config);
    const port = await freePort();
    const args = ['run', `--server.http.listen-addr=127.0.0.1:${port}`, `--storage.path=${newFolder(t)}`];
    const env = { ...process.env, OTLP_GRPC_LISTEN: '127.0.0.1:0', OTLP_HTTP_LISTEN: '127.0.0.1:0' };
    const child = spawn(ALLOY, [...args, '--disable-reporting', config], { env, stdio: 'ignore' });
    t.after(() => child.kill('SIGKILL'));
    const components = await waitFor(async () => {
      const response = await fetch(`http://127.0.0.1:${port}/api/v0/web/components`).catch(() => undefined);
      if (!response?.ok) return undefined;
      const all = (await response.json()) as { localID: string; health: { state: string } }[];
      return all.every(({ health }) => health.state !== 'unknown') && all;
    });
    assert.ok(components.length > 20);
    const ill = components.filter(({ health }) => health.state !== 'healthy').map(({ localID }) => localID);
    assert.deepEqual(ill, []);
  });
});

function alloy(...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(ALLOY, args, { encoding: 'utf8' });
  assert.equal(status, 0, `alloy ${args.join(' ')}\n${stdout}${stderr}`);
}

function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'clew-alloy-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}
