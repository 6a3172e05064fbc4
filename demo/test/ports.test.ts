import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { readOptions } from '../src/options.ts';
import { choosePorts } from '../src/ports.ts';

async function takenPort(t: TestContext): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return (server.address() as AddressInfo).port; // it listens on a port, not on a pipe
}

test('a port that is taken, and was not asked for, gives way to a free one, which is said', async (t) => {
  const port = await takenPort(t);
  const { ports } = readOptions([]);
  const notes: string[] = [];
  const wanted = { ...ports, 'api-port': { port, asked: false } };
  const chosen = await choosePorts(wanted, (text) => notes.push(text));
  assert.notEqual(chosen['api-port'], port);
  assert.equal(new Set(Object.values(chosen)).size, Object.keys(ports).length, 'each has its own');
  assert.ok(notes.includes(`port ${port} is in use, so api takes ${chosen['api-port']}`), notes.join('\n'));
});

test('ports that are asked for and taken are an error that names all of them', async (t) => {
  const [api, metrics] = [await takenPort(t), await takenPort(t)];
  const { ports } = readOptions(['--api-port', `${api}`, '--metrics-port', `${metrics}`]);
  await assert.rejects(
    choosePorts(ports, () => {}),
    ({ message }: Error) =>
      message.includes(`--api-port ${api}: this port is in use`) &&
      message.includes(`--metrics-port ${metrics}: this port is in use`),
  );
});
