import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

// JavaScript for the browser: its types are checked by tsconfig.web.json.
const { noFilters, overviewHash, parseAddress, traceHash, traceIdIn } = (await import(
  `${import.meta.dirname}/../../web/address.js`
)) as {
  noFilters: Record<string, string>;
  overviewHash: (filters: Record<string, string>) => string;
  parseAddress: (hash: string) => unknown;
  traceHash: (traceId: string, spanId?: string) => string;
  traceIdIn: (text: string) => string | undefined;
};

const id = '0af7651916cd43dd8448eb211c80319c';

suite('an address is read', () => {
  const overview = (filters = {}) => ({ view: 'overview', filters: { ...noFilters, ...filters } });
  const cases: [hash: string, address: unknown][] = [
    ['', overview()],
    ['#/', overview()],
    ['#/?service=full-otel&route=/api/users/:id', overview({ service: 'full-otel', route: '/api/users/:id' })],
    ['#/?unknown=1&__proto__=1', overview()],
    ['#/elsewhere', overview()],
    [`#/trace/${id}`, { view: 'trace', traceId: id }],
    [`#/trace/${id}/`, { view: 'trace', traceId: id }],
    [`#/trace/${id}/span/b7ad6b7169203331`, { view: 'trace', traceId: id, spanId: 'b7ad6b7169203331' }],
    ['#/trace/a%2Fb', { view: 'trace', traceId: 'a/b' }],
    ['#/trace/%', { view: 'trace', traceId: '%' }],
  ];
  for (const [hash, address] of cases) test(hash || 'empty', () => assert.deepEqual(parseAddress(hash), address));
});

test('what is written is read again', () => {
  const filters = { ...noFilters, service: 'a&b=c', route: '/api/users/:id', status: 'errors', min: '0.5' };
  assert.deepEqual(parseAddress(overviewHash(filters)), { view: 'overview', filters });
  assert.equal(overviewHash(noFilters), '#/');
  assert.deepEqual(parseAddress(traceHash('no id/#?', '%')), { view: 'trace', traceId: 'no id/#?', spanId: '%' });
});

suite('a trace id is found', () => {
  const cases: [text: string, found: string | undefined][] = [
    [id, id],
    [` ${id.toUpperCase()}\n`, id],
    [`00-${id}-b7ad6b7169203331-01`, id],
    [`http://127.0.0.1:4320/#/trace/${id}/span/b7ad6b7169203331`, id],
    [id.slice(1), undefined],
    [`${id}0`, undefined],
    ['', undefined],
  ];
  for (const [text, found] of cases) test(JSON.stringify(text), () => assert.equal(traceIdIn(text), found));
});
