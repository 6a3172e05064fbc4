import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { codesIn, tableUnder } from '../../test/markdown.ts';
import { roles } from '../roles.ts';
import { ALLOY, blocksOf, configFiles, pathOf } from './config.ts';
import { evaluate } from './evaluate.ts';
import type { Block } from './read.ts';

// What the defaults of Alloy lose, and the settings against it.

const of = (...types: string[]): Block[] => {
  const found = blocksOf().filter(({ type }) => types.includes(type));
  assert.deepEqual([...new Set(found.map(({ type }) => type))].sort(), types.sort());
  return found;
};
/** Settings of a block, or of the one of that name in it. */
const settings = (block: Block, inner?: string): Record<string, unknown> => {
  const from = inner === undefined ? block : block.blocks.find(({ type }) => type === inner);
  assert.ok(from, `${pathOf(block)} has no ${inner}`);
  return Object.fromEntries(Object.entries(from.attributes).map(([name, value]) => [name, evaluate(value)]));
};

test('whoever sends OTLP on never gives up, and lets senders wait when its queue is full', () => {
  for (const block of of('otelcol.exporter.otlphttp', 'otelcol.exporter.loadbalancing')) {
    const { max_elapsed_time } = settings(block, 'retry_on_failure');
    const { block_on_overflow, sizer, queue_size } = settings(block, 'sending_queue');
    const kept = { max_elapsed_time, block_on_overflow, sizer, queue_size };
    const wanted = { max_elapsed_time: '0s', block_on_overflow: true, sizer: 'bytes', queue_size: 128 * 2 ** 20 };
    assert.deepEqual(kept, wanted, block.file);
  }
});

test('lines are sent until Loki has them', () => {
  for (const block of of('loki.write')) assert.equal(settings(block, 'endpoint').max_backoff_retries, 0);
});

test('metrics are sent with their exemplars, and kept while the store is away', () => {
  for (const block of of('prometheus.remote_write')) {
    assert.equal(settings(block, 'endpoint').send_exemplars, true);
    assert.equal(settings(block, 'wal').max_keepalive_time, '8h');
  }
});

test('no error of a statement drops a batch', () => {
  for (const block of of('otelcol.processor.transform', 'otelcol.processor.filter')) {
    assert.equal(settings(block).error_mode, 'ignore', `${pathOf(block)} in ${block.file}`);
  }
});

test('what comes in by OTLP meets the memory limiter first', () => {
  for (const block of of('otelcol.receiver.otlp')) {
    const next = Object.values(settings(block, 'output')).flat();
    assert.deepEqual(next, Array(3).fill({ name: 'otelcol.processor.memory_limiter.otlp.input' }));
  }
});

test('every setting of the README is in the files, and every row says where the loss is seen', () => {
  const files = configFiles.map((file) => readFileSync(join(ALLOY, file), 'utf8').replaceAll(/ +/g, ' '));
  const rows = tableUnder(readFileSync(join(ALLOY, 'README.md'), 'utf8'), 'What is lost by default');
  assert.ok(rows.length > 15);
  for (const row of rows) {
    for (const code of codesIn(row['our setting'])) {
      if (code in roles || code === '--storage.path') continue;
      assert.ok(
        files.some((text) => text.includes(code)),
        `${row.hop}: ${code} is in no file`,
      );
    }
    assert.notEqual(row['seen in'] ?? '', '', `${row.hop} is seen nowhere`);
  }
});
