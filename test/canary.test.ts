import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Evidence } from '../packages/evidence/src/index.ts';
import { startFakePeer } from './harness/peer.ts';
import { sendRaw } from './harness/raw-client.ts';
import { completionLinesOf } from './harness/read.ts';
import type { Request } from './harness/requests.ts';
import { startBackend } from './harness/run.ts';
import { runService } from './harness/running-service.ts';
import { services } from './harness/services.ts';
import { waitFor } from './harness/wait-for.ts';

const SECRET = 'canary7d1f';
const json = { 'content-type': 'application/json' };

// Everywhere that clients put secrets, on requests that succeed, fail and match nothing.
const headers = {
  authorization: `Bearer ${SECRET}`,
  'proxy-authorization': `Basic ${SECRET}`,
  cookie: `session=${SECRET}`,
  'x-api-key': SECRET,
  referer: `http://example.com/?token=${SECRET}`,
  'user-agent': `agent/${SECRET}`,
  baggage: `secret=${SECRET},test.run.id=${SECRET}%20`,
};
const requests: Request[] = [
  { path: `/api/users?limit=${SECRET}`, route: '/api/users', status: 400 },
  { path: `/api/users?token=${SECRET}`, route: '/api/users', status: 400 },
  { path: `/api/error?type=exception&token=${SECRET}`, route: '/api/error', status: 400 },
  { path: `/nothing/here?${SECRET}`, status: 404 },
  { path: '/api/users', route: '/api/users' },
  { path: '/api/error', route: '/api/error', status: 500 },
  { path: '/api/data', route: '/api/data', status: 502 },
  { method: 'POST', path: '/api/users', headers: json, body: `{"password":"${SECRET}"}`, status: 405 },
  { method: 'POST', path: '/api/users', headers: json, body: `{"password":${SECRET}`, status: 400 },
];

describe('a secret', { concurrency: 2 }, () => {
  for (const under of services) {
    const { name } = under;

    it(`in headers, query, body or error message is in no signal of ${name}, and not in its output`, async () => {
      await using peer = await startFakePeer(`token=${SECRET}`); // no JSON, and the error that says so quotes it
      await using backend = await startBackend();
      await using service = await runService(under, backend, {
        PEER_URL: peer.url,
        OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer ${SECRET}`,
        OTEL_LOG_LEVEL: 'debug',
        LOG_LEVEL: 'debug',
        LOG_OUTPUT: 'both',
      });
      for (const request of requests) await service.send({ ...request, headers: { ...headers, ...request.headers } });
      await sendRaw(service.url, `GET /?token=${SECRET} HTTP/1.1\r\nauthorization ${SECRET}\r\n\r\n`);
      await service.stop();

      assert.equal(
        completionLinesOf(backend, name).filter(({ source }) => source === under.logs).length,
        requests.length,
      );
      const signals = [...everythingIn(backend.evidence), ...service.output];
      assert.ok(
        signals.some((text) => text.includes('token=[redacted]')),
        'the error of the peer is there, without it',
      );
      assertNowhere(SECRET, signals);
    });

    it(`in the settings of ${name} is not in what it says about them`, async () => {
      await using backend = await startBackend();
      const peer = `http://user:${SECRET}@127.0.0.1:1`;
      await assert.rejects(runService(under, backend, { PEER_URL: peer }), ({ message }: Error) => {
        assert.match(message, /PEER_URL/);
        assertNowhere(SECRET, [message]);
        return true;
      });
      const collector = `http://user:${SECRET}@127.0.0.1:1`;
      await using service = await runService(under, backend, { OTEL_EXPORTER_OTLP_ENDPOINT: collector });
      await service.send({ path: '/api/users', route: '/api/users' });
      await waitFor(() => service.logLines('telemetry warning').length > 0, 'a failed export is told');
      assertNowhere(SECRET, service.output);
    });
  }
});

/** Every row of every table, as text. */
function everythingIn({ db }: Evidence): string[] {
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'tallies'").all();
  const rows = tables.flatMap(({ name }) => db.prepare(`SELECT * FROM ${name}`).all());
  assert.ok(rows.length > 100);
  return rows.map((row) => JSON.stringify(row));
}

function assertNowhere(secret: string, texts: string[]): void {
  assert.deepEqual(
    texts.filter((text) => text.toLowerCase().includes(secret)),
    [],
  );
}
