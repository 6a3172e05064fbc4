import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createServer } from 'node:tls';
import { selfSigned } from '../../packages/verify/test/support/certificate.ts';
import { serverSpansOf } from '../harness/read.ts';
import { assertChecksHold, type RunningBackend, startBackend } from '../harness/run.ts';
import { type Environment, runService } from '../harness/running-service.ts';
import { type ServiceUnderTest, services } from '../harness/services.ts';
import { waitFor } from '../harness/wait-for.ts';

const users = { path: '/api/users', route: '/api/users' };
// Authority, server and client in one.
const { cert, key } = selfSigned();
const [fullOtel] = services as [ServiceUnderTest]; // it has two; this one sends all three signals

describe('a collector behind TLS', { concurrency: 4 }, () => {
  for (const under of services) {
    const { name } = under;

    for (const protocol of ['grpc', 'http/protobuf']) {
      it(`${name} sends to one that asks for a client certificate, over ${protocol}`, async () => {
        await using backend = await startBackend();
        await using tls = await startTls(backend, protocol, { requestCert: true });
        const client = {
          OTEL_EXPORTER_OTLP_CERTIFICATE: tls.certFile,
          OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: tls.certFile,
          OTEL_EXPORTER_OTLP_CLIENT_KEY: tls.keyFile,
        };
        await using service = await runService(under, backend, { ...tls.env, ...client });
        await service.send(users);
        assert.equal(await service.stop(), 0);
        assert.equal(serverSpansOf(backend, name).length, 1);
        assertChecksHold(backend, ['request-counts', 'trace-logs']);
      });
    }
  }

  it('a certificate that is not trusted is told', async () => {
    await using backend = await startBackend();
    await using tls = await startTls(backend, 'grpc', { requestCert: false });
    await using service = await runService(fullOtel, backend, tls.env);
    await service.send(users);
    await waitFor(() => service.output.some((line) => /self[- ]signed certificate/i.test(line)), 'the reason');
    assert.equal(serverSpansOf(backend, fullOtel.name).length, 0);
  });

  it('a collector that asks for a client certificate gets nothing without OTEL_EXPORTER_OTLP_CLIENT_KEY', async () => {
    await using backend = await startBackend();
    await using tls = await startTls(backend, 'grpc', { requestCert: true });
    const anonymous = { OTEL_EXPORTER_OTLP_CERTIFICATE: tls.certFile };
    await using service = await runService(fullOtel, backend, { ...tls.env, ...anonymous });
    await service.send(users);
    const code = await waitFor(() => tls.refused[0], 'a client that is refused');
    assert.equal(code, 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE');
    await service.stop(); // by then what came of it is said
    assert.match(service.output.join('\n'), /UNAVAILABLE/);
    assert.equal(serverSpansOf(backend, fullOtel.name).length, 0);
  });
});

interface Tls extends AsyncDisposable {
  env: Environment;
  certFile: string;
  keyFile: string;
  /** Codes of the handshakes that failed. */
  refused: string[];
}

/** What stands before a collector in production: ends TLS, and hands on what is in it. */
async function startTls(
  backend: RunningBackend,
  protocol: string,
  { requestCert }: { requestCert: boolean },
): Promise<Tls> {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'clew-tls-'));
  const [certFile = '', keyFile = ''] = Object.entries({ 'cert.pem': cert, 'key.pem': key }).map(([file, text]) => {
    writeFileSync(join(folder.path, file), text);
    return join(folder.path, file);
  });
  const { port } = new URL(protocol === 'grpc' ? backend.grpcUrl : backend.httpUrl);
  const open = new Set<Socket>();
  const server = createServer({ cert, key, ca: cert, requestCert, ALPNProtocols: ['h2', 'http/1.1'] }, (socket) => {
    const plain = connect(Number(port), '127.0.0.1');
    for (const [from, to] of [
      [socket, plain],
      [plain, socket],
    ] as const) {
      open.add(from);
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
      from.pipe(to);
    }
  });
  const refused: string[] = [];
  server.on('tlsClientError', ({ code }: NodeJS.ErrnoException) => refused.push(String(code)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address() as AddressInfo; // it listens on a port
  return {
    env: {
      // gRPC over TLS wants a name: Node refuses an address in the handshake.
      OTEL_EXPORTER_OTLP_ENDPOINT: `https://localhost:${address.port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
    },
    certFile,
    keyFile,
    refused,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
      folder.remove();
    },
  };
}
