import { traceHash } from './address.js';
import { get } from './api.js';
import { arrowKeys } from './arrows.js';
import { h } from './dom.js';
import { counted, dateAndClock, durationUs } from './format.js';
import { showLines } from './logs.js';
import { loadServices, serviceName } from './service-name.js';
import { createWaterfall } from './waterfall.js';

/** @import { StoredLog, StoredSpan } from '@clew/evidence' */
/** @typedef {{ traceId: string, spans: StoredSpan[], logs: StoredLog[] }} Trace */

/** One trace: its spans as a waterfall, its log lines. @param {HTMLElement} root */
export function createTraceView(root) {
  const title = h('h1', { tabindex: -1 });
  const facts = h('p', { class: 'facts' });
  const missing = h('div', { class: 'panel', hidden: true });
  const waterfall = createWaterfall();
  const lines = h('ul', { class: 'log-lines' });
  const linesPanel = h(
    'section',
    { class: 'panel', 'aria-label': 'Log lines' },
    h(
      'div',
      { class: 'title' },
      h('h2', {}, 'Log lines'),
      h('p', {}, 'All of this trace, by time. A line leads to the span that wrote it.'),
    ),
    lines,
  );
  const back = h('a', { class: 'back', href: '#/', title: 'Escape' }, '← Overview');
  root.append(back, title, facts, missing, waterfall.element, linesPanel);
  arrowKeys(lines, 'summary');

  let asked = '';
  let shown = '';
  /** @type {string | undefined} */
  let selected;

  async function load() {
    const traceId = asked;
    await loadServices();
    /** @type {Trace | null} */
    const trace = await get(`/api/traces/${encodeURIComponent(traceId)}`);
    if (traceId === asked) show(trace ?? { traceId, spans: [], logs: [] });
  }

  /** @param {Trace} trace */
  function show(trace) {
    const { traceId, spans, logs } = trace;
    const state = `${traceId} ${spans.length} ${logs.length}`;
    if (state === shown) return;
    shown = state;
    const root = spans.find(({ parentSpanId }) => parentSpanId === null) ?? spans[0];
    title.replaceChildren(h('bdi', {}, root?.name ?? 'Trace'));
    document.title = `${root?.name ?? traceId} – clew`;
    facts.replaceChildren(...factsOf(trace));
    missing.hidden = spans.length > 0;
    missing.replaceChildren(
      h('h2', {}, logs.length > 0 ? 'Its spans are not here' : 'This trace is not here'),
      h(
        'p',
        {},
        'It may still be on its way (services send spans every few seconds; this page goes on looking), it may have been evicted because the store was full, or it was not sampled.',
      ),
    );
    waterfall.show(trace);
    waterfall.select(selected);
    linesPanel.hidden = logs.length === 0;
    showLines(lines, logs);
  }

  return {
    /**
     * @param {string} traceId
     * @param {string | undefined} spanId to unfold
     * @param {string} overview where the way back leads
     * @param {() => void} reveal called when there is something to be seen
     */
    async open(traceId, spanId, overview, reveal) {
      back.setAttribute('href', overview);
      const isNew = traceId !== asked;
      asked = traceId;
      selected = spanId;
      try {
        if (isNew) await load();
        else waterfall.select(spanId);
      } finally {
        if (asked === traceId) reveal();
      }
      if (asked !== traceId || selected !== spanId) return;
      if (spanId !== undefined && waterfall.focus(spanId)) return;
      if (!isNew) return;
      title.focus({ preventScroll: true });
      scrollTo(0, 0);
    },
    close() {
      asked = '';
      shown = '';
    },
    async refresh() {
      if (asked !== '') await load();
    },
  };
}

/** @param {Trace} trace @returns {(HTMLElement | string)[]} */
function factsOf({ traceId, spans, logs }) {
  const id = h('span', { class: 'id' }, h('code', {}, traceId), copyButton(traceId));
  if (spans.length === 0) return [id];
  const start = Math.min(...spans.map(({ startUs }) => startUs));
  const end = Math.max(...spans.map(({ startUs, durationUs }) => startUs + durationUs));
  const errors = spans.filter(({ status }) => status === 2).length;
  const services = [...new Set(spans.map(({ service }) => service))];
  return [
    h('b', {}, durationUs(end - start)),
    ...services.map(serviceName),
    h('span', {}, counted(spans.length, 'span')),
    h('span', {}, counted(logs.length, 'log line')),
    h('span', { class: errors > 0 ? 'bad' : 'quiet' }, errors > 0 ? `✕ ${counted(errors, 'error')}` : 'no errors'),
    h('time', {}, dateAndClock(start)),
    id,
  ];
}

/** @param {string} traceId */
function copyButton(traceId) {
  const button = h(
    'button',
    {
      type: 'button',
      onclick: async () => {
        await navigator.clipboard.writeText(new URL(traceHash(traceId), location.href).href);
        button.textContent = 'copied';
      },
    },
    'copy link',
  );
  return button;
}
