import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createApp } from '@clew/service';
import type { FastifyReply } from 'fastify';
import { pino } from 'pino';
import { logFields, logLine, redact } from '../../src/telemetry/log-fields.ts';

const SECRET = 'hunter2-canary';

for (const text of [
  `Authorization: Bearer ${SECRET}`,
  `authorization=${SECRET}`,
  `Basic ${SECRET}`,
  `connect to postgres://clew:${SECRET}@db:5432/clew failed`,
  `amqp://${SECRET}@queue`,
  `password=${SECRET}&user=1`,
  `{"password": "${SECRET}"}`,
  `db_passwd: ${SECRET}`,
  `client_secret=${SECRET}; retry`,
  `x-api-key: ${SECRET}`,
  `refresh_token='${SECRET}'`,
  `Cookie: ${SECRET}`,
  `Cookie: theme=dark; session=${SECRET}`,
  `Authorization: Token ${SECRET}`,
  `authorization: ApiKey ${SECRET} x`,
  `postgres://user:p@${SECRET}@db`,
  `password="correct horse ${SECRET}"`,
  `{"body":"{\\"password\\":\\"${SECRET}\\"}"}`,
  `aws_secret_access_key=${SECRET}`,
  `pwd=${SECRET}`,
  `private_key: '${SECRET} and more'`,
  `Reply was already sent, did you forget to "return reply" in "/a?"q=${SECRET}" (GET)?`,
]) {
  test(`redact cuts the secret out of: ${text.replace(SECRET, '...')}`, () => {
    assert.ok(!redact(text).includes(SECRET), redact(text));
    assert.match(redact(text), /\[redacted\]/);
  });
}

test('redact leaves text without secrets as it is', () => {
  for (const text of ['request completed', '/api/users/7', 'user@example.org wrote', 'http://127.0.0.1:4317/path']) {
    assert.equal(redact(text), text);
  }
});

test('logFields redacts by name at any depth and keeps the rest', () => {
  assert.deepEqual(
    logFields({
      a: 1,
      headers: { Authorization: SECRET, cookie: SECRET, accept: 'x' },
      list: [{ password: SECRET }],
      n: 5n,
    }),
    {
      a: 1,
      headers: { Authorization: '[redacted]', cookie: '[redacted]', accept: 'x' },
      list: [{ password: '[redacted]' }],
      n: '5',
    },
  );
});

test('logFields keeps what dates, URLs, maps, sets, bytes and errors in lists say', () => {
  const [first] = (logFields({ all: [new RangeError('no')] }).all ?? []) as Record<string, unknown>[];
  assert.equal(first?.['exception.message'], 'no');
  const fields = logFields({
    at: new Date(0),
    url: new URL(`http://user:${SECRET}@host/`),
    map: new Map([['token', SECRET]]),
    set: new Set([1]),
    bytes: Buffer.from('abc'),
  });
  assert.deepEqual(fields, {
    at: '1970-01-01T00:00:00.000Z',
    url: 'http://[redacted]@host/',
    map: { token: '[redacted]' },
    set: [1],
    bytes: '[3 bytes]',
  });
});

test('logFields leaves out undefined values and ends in objects that contain themselves', () => {
  const loop: { self?: object; gone?: undefined } = { gone: undefined };
  loop.self = loop;
  assert.match(JSON.stringify(logFields(loop)), /too deep/);
  assert.ok(!('gone' in logFields(loop)));
});

test('logFields turns an error and its causes into exception.* without their secrets', () => {
  const error = new TypeError(`token=${SECRET}`, { cause: new Error(`Bearer ${SECRET}`) });
  const fields = logFields({ err: error });
  assert.equal(fields['exception.type'], 'TypeError');
  assert.equal(fields['exception.message'], 'token=[redacted]');
  assert.match(String(fields['exception.stacktrace']), /log-fields\.test[\s\S]*Caused by: Error: Bearer \[redacted\]/);
  assert.ok(!JSON.stringify(fields).includes(SECRET));
  assert.ok(!('err' in fields));
});

test('logLine takes every form of a log call', () => {
  assert.deepEqual(logLine([{ a: 1 }, 'said']), [{ a: 1 }, 'said']);
  assert.deepEqual(logLine(['said']), [{}, 'said']);
  assert.deepEqual(logLine(['%s said %d', 'x', 2]), [{}, 'x said 2']);
  assert.deepEqual(logLine([{ a: 1 }, 'of %s', `token=${SECRET}`]), [{ a: 1 }, 'of token=[redacted]']);
  const [fields, message] = logLine([new RangeError(`password=${SECRET}`)]);
  assert.equal(fields['exception.type'], 'RangeError');
  assert.equal(message, 'password=[redacted]');
});

for (const [when, answer] of [
  ['a handler returns after', (reply: FastifyReply) => void reply.send('sent')],
  ['the raw answer has begun before', (reply: FastifyReply) => void reply.raw.writeHead(200)],
] as const) {
  test(`what Fastify says when ${when} the reply is sent holds no query`, async () => {
    const lines: string[] = [];
    const logMethod = (args: unknown[]) => void lines.push(JSON.stringify(logLine(args)));
    const app = createApp({ config: { TRUST_PROXY: 'false' }, logger: pino({ hooks: { logMethod } }) });
    app.get('/api/users', async (_request, reply) => {
      answer(reply);
      return 'again';
    });
    void app.inject(`/api/users?limit=${SECRET}&q=${SECRET}`).catch(() => {});
    for (const end = Date.now() + 5_000; lines.length === 0; await setImmediate()) assert.ok(Date.now() < end);
    assert.match(lines[0] ?? '', /Reply was already sent, .*"\/api\/users\?\[redacted\]\\" \(GET\)/);
    assert.ok(!lines.join().includes(SECRET), lines.join());
  });
}
