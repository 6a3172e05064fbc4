import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const executablePath = process.env.CHROMIUM_BIN ?? '/usr/bin/chromium';

/** Why the browser tests are left out; false when they are not. Missing what they need fails unless that is allowed. */
export const leftOut =
  !existsSync(executablePath) &&
  process.env.E2E_ALLOW_MISSING === '1' &&
  `left out: there is no Chromium at ${executablePath}`;

export async function startBrowser(): Promise<Browser> {
  assert.ok(
    existsSync(executablePath),
    `there is no Chromium at ${executablePath}: apt-get install chromium, or set CHROMIUM_BIN; E2E_ALLOW_MISSING=1 leaves these tests out`,
  );
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath, args: isRoot ? ['--no-sandbox'] : [] });
}

/**
 * Opens a page in a profile of its own. After the test it must not have asked another host, thrown, or had anything
 * refused by its own content security policy.
 */
export async function openPage(
  t: TestContext,
  browser: Browser,
  url: string,
  { expectErrors = false, ...options }: BrowserContextOptions & { expectErrors?: boolean } = {},
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const foreign: string[] = [];
  const errors: string[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) foreign.push(request.url());
  });
  page.on('pageerror', (error) => errors.push(String(error.stack)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  t.after(async () => {
    await context.close();
    assert.deepEqual(foreign, [], 'requests to other hosts');
    if (!expectErrors) assert.deepEqual(errors, [], 'errors of the page');
  });
  await page.goto(url);
  return page;
}

/** How far the page is wider than the window, in pixels. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - innerWidth');
}
