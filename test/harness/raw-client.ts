import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';

/** Sends bytes as they are on a connection of its own, and gives what came back until the service closed it. */
export async function sendRaw(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).setEncoding('utf8');
  let received = '';
  socket.on('data', (text: string) => {
    received += text;
  });
  socket.on('error', () => {}); // a reset ends what was received
  socket.write(bytes);
  await once(socket, 'close');
  return received;
}

/** Goes away as soon as the service works on the request, which it says by `100 Continue`. */
export async function sendAndLeave(url: string, options: { method?: string; halfOfBody?: string } = {}): Promise<void> {
  const { method = 'GET', halfOfBody } = options;
  const length = halfOfBody === undefined ? {} : { 'content-length': 2 * halfOfBody.length };
  const headers = { expect: '100-continue', 'content-type': 'application/json', ...length };
  const sent = request(url, { method, headers, agent: false });
  sent.on('error', () => {}); // it is the one that hangs up
  sent.flushHeaders();
  await once(sent, 'continue');
  if (halfOfBody !== undefined) await new Promise((written) => sent.write(halfOfBody, written));
  const closed = new Promise((resolve) => sent.on('close', resolve)); // once() would reject with the hang-up
  sent.destroy();
  await closed;
}
