import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { startBackend } from '../support/backend.ts';

const web = `${import.meta.dirname}/../../web`;
const types = { html: 'text/html', css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' };

test('every file of the page is served, with its type and a policy that allows nothing from elsewhere', async (t) => {
  const { apiUrl } = await startBackend(t);
  const own = readdirSync(web, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(html|css|js|svg)$/.test(file),
  );
  assert.ok(own.length > 30);
  for (const file of ['', ...own, 'vendor/uPlot.esm.js', 'vendor/uPlot.min.css']) {
    const response = await fetch(`${apiUrl}/${file}`);
    assert.equal(response.status, 200, file);
    const type = types[(file || 'index.html').split('.').at(-1) as keyof typeof types];
    assert.ok(response.headers.get('content-type')?.startsWith(type), file);
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    const policy = String(response.headers.get('content-security-policy'));
    assert.match(policy, /^default-src 'self'; .*object-src 'none'.*require-trusted-types-for 'script'/);
    assert.doesNotMatch(policy, /unsafe|http|\*/);
    assert.ok((await response.text()).length > 0, file);
  }
});

suite('nothing else is', () => {
  for (const path of [
    '/vendor/uPlot.esm.d.ts',
    '/package.json',
    '/..%2fpackage.json',
    '/style',
    '/style/..%2f..%2fpackage.json',
  ]) {
    test(path, async (t) => {
      const { apiUrl } = await startBackend(t);
      assert.equal((await fetch(apiUrl + path)).status, 404);
    });
  }
});

test('every file that another one names is there, and none runs in line', () => {
  const html = readFileSync(`${web}/index.html`, 'utf8');
  const named = [...html.matchAll(/(?:src|href)="\/([^"#]+)"/g)].map((match) => match[1] ?? '');
  const known = [...readdirSync(web, { recursive: true, encoding: 'utf8' }), 'vendor/uPlot.min.css'];
  assert.ok(named.length > 6);
  for (const file of named) assert.ok(known.includes(file), file);
  assert.doesNotMatch(html, /<style|style="|\son\w+="|<script[^>]*>[^<]/);
});
