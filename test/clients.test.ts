import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listSeries } from '../packages/evidence/src/index.ts';
import { sendAndLeave, sendRaw } from './harness/raw-client.ts';
import { completionLinesOf, serverSpansOf } from './harness/read.ts';
import { tally } from './harness/requests.ts';
import { assertChecksHold, startRun } from './harness/run.ts';
import { services } from './harness/services.ts';

const slow = { path: '/api/slow?ms=3000', route: '/api/slow', aborted: true };
const halfBody = { method: 'POST', path: '/nothing/here', aborted: true };
const pipelined = [1, 2, 3, 4, 5];
const get = (path: string, headers = '') => `GET ${path} HTTP/1.1\r\nhost: x\r\n${headers}\r\n`;

// What ends before the router sees it: why, the answer, and what a client has to send for it.
const rejected: [reason: string, status: number, bytes: string][] = [
  ['unparsable', 400, 'this is not HTTP\r\n\r\n'],
  ['bad_url', 400, get('/%zz', 'connection: close\r\n')],
  ['long_parameter', 414, get(`/api/users/${'1'.repeat(200)}`, 'connection: close\r\n')],
  ['long_headers', 431, get(`/${'a'.repeat(20_000)}`)],
  ['connect', 405, 'CONNECT x:80 HTTP/1.1\r\nhost: x\r\n\r\n'],
  ['expectation', 417, get('/', 'expect: miracles\r\nconnection: close\r\n')],
];

describe('clients that behave badly', { concurrency: 2 }, () => {
  for (const under of services) {
    const { name } = under;

    it(`${name} counts each of them once, and the same in every signal`, async () => {
      await using run = await startRun(under);
      const { backend, service } = run;
      for (let i = 0; i < 5; i += 1) await sendAndLeave(`${service.url}${slow.path}`);
      tally(backend.evidence, name, slow, 5);
      await sendAndLeave(`${service.url}${halfBody.path}`, { method: 'POST', halfOfBody: '{"half": "of a ' });
      tally(backend.evidence, name, halfBody, 1);
      for (const [reason, status, bytes] of rejected) {
        assert.match(await sendRaw(service.url, bytes), new RegExp(`^HTTP/1.1 ${status} `), reason);
      }
      const bytes = pipelined.map((id) =>
        get(`/api/users/${id}`, id === pipelined.length ? 'connection: close\r\n' : ''),
      );
      const answers = [...(await sendRaw(service.url, bytes.join(''))).matchAll(/"id":(\d+)/g)].map(([, id]) =>
        Number(id),
      );
      assert.deepEqual(answers, pipelined, 'pipelined requests are answered in order');
      tally(backend.evidence, name, { path: '/api/users/1', route: '/api/users/:id' }, pipelined.length);
      assert.equal(await service.stop(), 0);

      const counter = listSeries(backend.evidence, { metric: 'clew_http_server_rejected_total', service: name });
      const counted = counter.map(({ labels, last }) => [labels.error_type, last?.value]);
      assert.deepEqual(Object.fromEntries(counted), Object.fromEntries(rejected.map(([reason]) => [reason, 1])));
      for (const { status, attributes } of serverSpansOf(backend, name).filter((span) =>
        span.name.includes('/api/slow'),
      )) {
        assert.deepEqual(
          [status, attributes['error.type'], attributes['http.response.status_code']],
          [0, 'aborted', undefined],
        );
      }
      const aborted = completionLinesOf(backend, name).filter(({ level }) => level === 'warn');
      assert.deepEqual(
        aborted.map(({ attributes }) => attributes['error.type']),
        Array(6).fill('aborted'),
      );
      assertChecksHold(backend, ['request-counts', 'log-trace', 'trace-logs']);
    });
  }
});
