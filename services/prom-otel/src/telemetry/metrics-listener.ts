import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { logger } from './logger.ts';
import { contentType, renderMetrics } from './metrics.ts';

const port = Number(process.env.METRICS_PORT);
const host = process.env.HOST || '0.0.0.0';

let scraped = () => {};
const server = createServer(async (request, response) => {
  if (request.url?.split('?')[0] !== '/metrics') return response.writeHead(404).end('Metrics are at /metrics\n');
  const done = scraped; // before rendering: a page that is already under way misses what is counted meanwhile
  try {
    const page = await renderMetrics();
    response.writeHead(200, { 'content-type': contentType }).end(page, done);
  } catch (err) {
    logger.error({ err }, 'metrics not rendered');
    response.writeHead(500).end();
  }
});

/**
 * Opens the listener of its own on which Prometheus or Alloy scrapes `/metrics`: never on the port that users reach.
 * Ends the process with exit code 1 when it cannot: what nobody can scrape would be lost without a word.
 */
export async function listen(): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const taken = code === 'EADDRINUSE';
    const what = taken
      ? `is taken on ${host}: set it to a free one, or stop what listens there`
      : `on HOST=${host}: ${message}`;
    process.stderr.write(`METRICS_PORT=${port} ${what}\n`);
    process.exit(1);
  }
  const { address, port: taken } = server.address() as AddressInfo; // it listens on a port, not on a pipe
  logger.info({ 'server.address': address, 'server.port': taken }, 'metrics listening');
}

/**
 * Closes the listener after one more scrape, or after `lingerMs`: what was counted since the last scrape would be lost
 * with the process.
 */
export async function close(lingerMs: number): Promise<void> {
  if (!server.listening) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, lingerMs);
    scraped = () => {
      clearTimeout(timer);
      resolve();
    };
  });
  server.close();
  server.closeAllConnections();
}
