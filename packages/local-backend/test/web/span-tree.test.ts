import assert from 'node:assert/strict';
import { test } from 'node:test';

interface Span {
  spanId: string;
  parentSpanId: string | null;
}

const { spanTree } = (await import(`${import.meta.dirname}/../../web/span-tree.js`)) as {
  spanTree: (spans: Span[]) => { span: Span; depth: number; isOrphan: boolean }[];
};

/** `child<parent`, as `child.depth`; `!` for one whose parent is missing. */
function treeOf(...spans: string[]): string[] {
  const parsed = spans.map((text) => {
    const [spanId = '', parent] = text.split('<');
    return { spanId, parentSpanId: parent ?? null };
  });
  return spanTree(parsed).map(({ span, depth, isOrphan }) => `${span.spanId}.${depth}${isOrphan ? '!' : ''}`);
}

test('a span stands below its parent, beside its siblings in order, whichever came first', () => {
  assert.deepEqual(treeOf('grandchild<child', 'root', 'child<root', 'other<root'), [
    'root.0',
    'child.1',
    'grandchild.2',
    'other.1',
  ]);
});

test('a span whose parent is missing stands at the top, and says so', () => {
  assert.deepEqual(treeOf('root', 'orphan<gone', 'child<orphan'), ['root.0', 'orphan.0!', 'child.1']);
});

test('spans that are their own ancestors are shown once', () => {
  assert.deepEqual(treeOf('self<self', 'a<b', 'b<a'), ['self.0!', 'a.0!', 'b.1']);
});

test('a chain of any length is shown', () => {
  const chain = Array.from({ length: 20_000 }, (_, i) => `s${i}<s${i - 1}`);
  assert.equal(treeOf(...chain).at(-1), 's19999.19999');
});
