import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';

/** The same from src/page and from dist/page. */
const web = join(import.meta.dirname, '../../web');
const uplot = (file: string) => fileURLToPath(import.meta.resolve(`uplot/dist/${file}`));

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * What the page shows was sent by anyone who reaches the receivers: even if it were taken for markup, it could load
 * nothing, run nothing and send nothing.
 */
const headers = {
  'content-security-policy': [
    "default-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-cache',
};

/** The page at `/` and its files, each a route of its own: no path is ever made from a request. */
export function pageRoutes(app: FastifyInstance): void {
  const files = new Map([
    ['/', join(web, 'index.html')],
    ['/vendor/uPlot.esm.js', uplot('uPlot.esm.js')],
    ['/vendor/uPlot.min.css', uplot('uPlot.min.css')],
  ]);
  for (const entry of readdirSync(web, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (entry.isFile() && types[extname(file)]) files.set(file.slice(web.length).replaceAll('\\', '/'), file);
  }
  for (const [path, file] of files) {
    app.get(path, async (_request, reply) => {
      const type = types[extname(file)] ?? '';
      return reply
        .headers(headers)
        .type(type)
        .send(await readFile(file));
    });
  }
}
