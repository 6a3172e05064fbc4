import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { demoUsers } from '../../packages/demo-api/src/demo-users.ts';
import { freePort } from '../harness/free-port.ts';
import { startFakePeer } from '../harness/peer.ts';
import { completionLinesOf, serverSpansOf } from '../harness/read.ts';
import { startBackend, startRun } from '../harness/run.ts';
import { runService } from '../harness/running-service.ts';
import { services } from '../harness/services.ts';
import { waitFor } from '../harness/wait-for.ts';

const users = { path: '/api/users', route: '/api/users' };
const data = { path: '/api/data', route: '/api/data' };
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('settings of a service', { concurrency: 3 }, () => {
  for (const under of services) {
    const { name } = under;

    it(`${name} listens, draws and drains as PORT, HOST, METRICS_PORT, SEED and DRAIN_DELAY say`, async () => {
      const [port, metricsPort] = await Promise.all([freePort(), freePort()]);
      const settings = {
        PORT: `${port}`,
        METRICS_PORT: `${metricsPort}`,
        HOST: '0.0.0.0',
        SEED: '7',
        DRAIN_DELAY: '1500',
      };
      await using run = await startRun(under, settings);
      const { service } = run;
      assert.equal(service.url, `http://127.0.0.1:${port}`);
      assert.equal(service.logLines('server listening')[0]?.['server.address'], '0.0.0.0');
      if (under.metrics === 'scrape') assert.equal(service.metricsUrl, `http://127.0.0.1:${metricsPort}/metrics`);
      const { body } = await service.send({ path: '/api/users/1', route: '/api/users/:id' });
      assert.deepEqual(JSON.parse(body), demoUsers(7)[0]);

      const signalled = performance.now();
      const stopped = service.stop();
      await waitFor(async () => (await fetch(`${service.url}/readyz`)).status === 503, 'not ready while it drains');
      assert.equal((await fetch(`${service.url}/livez`)).status, 200);
      await service.send(users);
      assert.equal(await stopped, 0);
      assert.ok(performance.now() - signalled >= 1500);
    });

    it(`${name} trusts and shows as TRUST_INBOUND_TRACE, TRUST_PROXY and EXPOSE_TRACE_ID say`, async () => {
      await using backend = await startBackend();
      const [open, closed] = await Promise.all([
        runService(under, backend, { TRUST_INBOUND_TRACE: 'true', TRUST_PROXY: 'true', EXPOSE_TRACE_ID: 'true' }),
        runService(under, backend, {
          TRUST_INBOUND_TRACE: 'false',
          TRUST_PROXY: '10.0.0.0/8',
          EXPOSE_TRACE_ID: 'false',
        }),
      ]);
      await using _open = open;
      await using _closed = closed;
      const request = { ...users, headers: { traceparent, 'x-forwarded-proto': 'https' } };
      const shown = (await open.send(request)).headers.get('server-timing');
      assert.equal((await closed.send(request)).headers.get('server-timing'), null);
      await waitFor(() => serverSpansOf(backend, name).length === 2);

      const [continued, fresh] = serverSpansOf(backend, name).sort((a) => (a.parentSpanId === null ? 1 : -1));
      assert.deepEqual([continued?.traceId, continued?.parentSpanId], traceparent.split('-').slice(1, 3));
      assert.deepEqual([fresh?.parentSpanId, fresh?.links[0]?.spanId], [null, continued?.parentSpanId]);
      assert.notEqual(fresh?.traceId, continued?.traceId);
      assert.deepEqual([continued?.attributes['url.scheme'], fresh?.attributes['url.scheme']], ['https', 'http']);
      assert.equal(shown, `traceparent;desc="00-${continued?.traceId}-${continued?.spanId}-01"`);
    });

    it(`${name} calls its peer as PEER_URL, PEER_TIMEOUT, PEER_RETRIES and PEER_RETRY_BUDGET say`, async () => {
      await using peer = await startFakePeer();
      await using backend = await startBackend();
      const [eager, shy] = await Promise.all([
        runService(under, backend, {
          PEER_URL: peer.url,
          PEER_TIMEOUT: '9000',
          PEER_RETRIES: '3',
          PEER_RETRY_BUDGET: '1',
        }),
        runService(under, backend, {
          PEER_URL: peer.url,
          PEER_TIMEOUT: '3000', // more than the default, so that no busy machine looks like it
          PEER_RETRIES: '3',
          PEER_RETRY_BUDGET: '0',
        }),
      ]);
      await using _eager = eager;
      await using _shy = shy;
      assert.equal(JSON.parse((await eager.send(data)).body).source, 'peer');
      peer.behave('fail');
      await eager.send({ ...data, status: 502 });
      assert.equal(peer.calls.length, 1 + 4, 'a call and three retries');
      await shy.send({ ...data, status: 502 });
      assert.equal(peer.calls.length, 1 + 4 + 1, 'no budget, no retry');
      peer.behave('hang');
      await shy.send({ ...data, status: 504 });
      const spans = () =>
        serverSpansOf(backend, name).filter(({ attributes }) => attributes['error.type'] === 'peer_timeout');
      await waitFor(() => spans().length === 1);
      const { durationUs = 0 } = spans()[0] ?? {};
      assert.ok(durationUs >= 2_990_000, `${durationUs} us, and the default is 2 s`);
    });

    it(`${name} writes its lines where LOG_OUTPUT says`, async () => {
      for (const output of ['stdout', 'otlp', 'both']) {
        await using run = await startRun(under, { LOG_OUTPUT: output });
        await run.service.send({ ...users, headers: { traceparent } });
        assert.equal(await run.service.stop(), 0);
        const ids = run.service.logLines('request completed').map((line) => [line.trace_id, line.trace_flags]);
        assert.deepEqual(ids, output === 'otlp' ? [] : [[traceparent.split('-')[1], '01']]);
        const overOtlp = completionLinesOf(run.backend, name).filter(({ source }) => source === 'otlp');
        assert.equal(overOtlp.length, output === 'stdout' ? 0 : 1);
      }
    });

    it(`${name} fails on demand as FAULTS, FAULTS_FROM_HEADERS and FAULTS_ADMIN_TOKEN say`, async () => {
      await using backend = await startBackend();
      const [open, closed] = await Promise.all([
        runService(under, backend, {
          FAULTS: 'error;status=501;route=/;ttlMs=600000',
          FAULTS_FROM_HEADERS: 'true',
          FAULTS_ADMIN_TOKEN: 'correct-horse',
        }),
        runService(under, backend),
      ]);
      await using _open = open;
      await using _closed = closed;
      const root = { path: '/', route: '/' };
      const asking = { ...users, headers: { 'x-clew-fault': 'error;status=503' } };
      await open.send({ ...root, status: 501 });
      await closed.send(root);
      await open.send({ ...asking, status: 503 });
      await closed.send(asking);
      const statusOf = async (url: string, authorization: string) =>
        (await fetch(`${url}/admin/faults`, { headers: { authorization } })).status;
      assert.equal(await statusOf(open.url, 'Bearer correct-horse'), 200);
      assert.equal(await statusOf(open.url, 'Bearer wrong'), 401);
      assert.equal(await statusOf(closed.url, 'Bearer correct-horse'), 404);
    });

    it(`${name} refuses what it cannot do in time, as MAX_EVENT_LOOP_DELAY says`, async () => {
      await using backend = await startBackend();
      await using service = await runService(under, backend, {
        MAX_EVENT_LOOP_DELAY: '100',
        FAULTS_FROM_HEADERS: 'true',
      });
      const blocking = { headers: { 'x-clew-fault': 'block;ms=400' } };
      await waitFor(async () => {
        const [, next] = await Promise.all([fetch(`${service.url}/`, blocking), fetch(`${service.url}/`)]);
        return next.status === 503 && next.headers.get('retry-after') === '1';
      }, '503 while the event loop is blocked');
      await waitFor(async () => (await fetch(`${service.url}/`)).status === 200, '200 once it is not');
    });

    it(`${name} refuses to start with settings that cannot work, and names all of them`, async () => {
      await using backend = await startBackend();
      const settings = { PORT: 'http', PEER_TIMEOUT: '0', FAULTS: 'latency;ms=99999' };
      await assert.rejects(runService(under, backend, settings), (error: Error) => {
        assert.match(error.message, /exit code 1/);
        for (const name of ['PORT="http"', 'PEER_TIMEOUT="0"', 'FAULTS: 0/ms must be'])
          assert.ok(error.message.includes(name), error.message);
        return true;
      });
    });
  }
});
