import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { hostname } from 'node:os';
import { suite, test } from 'node:test';
import { startBackend } from '../support/backend.ts';

async function ask(url: string, headers: Record<string, string>, method = 'GET'): Promise<number | undefined> {
  const sent = request(`${url}/api/services`, { method, headers }).end();
  const [response] = await once(sent, 'response');
  response.resume();
  return response.statusCode;
}

suite('requests for another name are refused, as DNS rebinding makes them', () => {
  const hosts: [host: string, status: number][] = [
    ['localhost', 200],
    ['localhost:1234', 200],
    ['127.0.0.1:80', 200],
    ['[::1]:4320', 200],
    [hostname(), 200],
    ['evil.example', 403],
    ['evil.example:4320', 403],
    ['127.0.0.1.evil.example', 403],
    ['localhost@evil.example', 403],
    ['192.0.2.1', 403],
  ];
  for (const [host, status] of hosts) {
    test(`${host}: ${status}`, async (t) => {
      const { apiUrl } = await startBackend(t);
      assert.equal(await ask(apiUrl, { host }), status);
    });
  }
});

suite('requests of pages elsewhere are refused', () => {
  for (const [origin, status] of [
    ['own', 404],
    ['https://evil.example', 403],
    ['null', 403],
  ] as const) {
    test(`${origin}: ${status}`, async (t) => {
      const { apiUrl } = await startBackend(t);
      const headers = { origin: origin === 'own' ? apiUrl : origin };
      assert.equal(await ask(apiUrl, headers, 'POST'), status);
    });
  }
});
