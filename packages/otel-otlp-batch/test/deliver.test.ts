import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { test } from 'node:test';
import { type Context, type ContextManager, context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { Batch } from '../src/batch.ts';
import { deliver } from '../src/deliver.ts';
import { writeLogRecord } from '../src/encode-log-record.ts';
import { environment } from './environment.ts';
import { FakeExporter } from './fake-exporter.ts';

/** What is active goes on after an `await`, as in NodeSDK. */
class AsyncContextManager implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();

  active(): Context {
    return this.#storage.getStore() ?? ROOT_CONTEXT;
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    active: Context,
    call: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.#storage.run(active, () => call.call(thisArg, ...args));
  }

  bind<T>(_context: Context, target: T): T {
    return target;
  }

  enable(): this {
    return this;
  }

  disable(): this {
    return this;
  }
}

test('an export is not part of the request that has filled the batch, and makes no spans', async () => {
  using _ = environment({});
  context.setGlobalContextManager(new AsyncContextManager());
  const exporter = new FakeExporter<ReadableLogRecord>();
  const span = trace.wrapSpanContext({ traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 });
  await context.with(trace.setSpan(ROOT_CONTEXT, span), () => {
    assert.equal(trace.getActiveSpan(), span);
    const options = { name: 'log', exportTimeoutMillis: 1_000, stopping: new AbortController().signal };
    return deliver(new Batch(writeLogRecord), exporter, options);
  });
  const [request] = exporter.requests;
  assert.ok(request);
  assert.equal(trace.getSpan(request.context), undefined);
  assert.equal(isTracingSuppressed(request.context), true);
});
