import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refuseOtherMachines } from '../lib/refuse-other-machines.ts';
import { readSettings } from '../lib/settings.ts';

const refuse = (env: Record<string, string>) => refuseOtherMachines('log-flood', readSettings(env));

test('a scenario that can hurt a stack goes to this machine as it is', () => {
  for (const url of ['http://127.0.0.1:8080', 'http://localhost:8080', 'https://[::1]', 'http://127.8.0.1/base'])
    assert.doesNotThrow(() => refuse({ TARGETS: `full-otel=${url}` }), url);
});

test('it goes elsewhere only when the user says yes, and how much', () => {
  const says = { message: /^log-flood can hurt the stack behind .*: if you mean it, say so with --yes and --cap N/ };
  for (const url of ['https://demo.example', 'http://localhost.example', 'http://127.0.0.1.example']) {
    const TARGETS = `full-otel=http://127.0.0.1:8080,prom-otel=${url}`;
    for (const more of [{}, { YES: 'true' }, { CAP: '100' }]) assert.throws(() => refuse({ TARGETS, ...more }), says);
    assert.doesNotThrow(() => refuse({ TARGETS, YES: 'true', CAP: '100' }), url);
  }
});
