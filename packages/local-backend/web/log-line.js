import { traceHash } from './address.js';
import { attributeTable } from './attribute-table.js';
import { h } from './dom.js';
import { exceptionIn, exceptionOf } from './exception.js';
import { clock, dateAndClock, duration, valueText } from './format.js';
import { serviceName } from './service-name.js';

/** @import { StoredLog } from '@clew/evidence' */

/**
 * A log line that unfolds to its attributes, with a link to the span that wrote it.
 *
 * @param {StoredLog} line
 * @param {{ isInSpan?: boolean }} [options] where it stands within its span it needs no link, and shows its exception
 */
export function logLine(line, { isInSpan = false } = {}) {
  const exception = exceptionIn(line.attributes);
  const summary = h(
    'summary',
    {},
    h('time', { title: dateAndClock(line.timeUs) }, clock(line.timeUs)),
    h('span', { class: 'level' }, line.level ?? ''),
    serviceName(line.service),
    h('bdi', { class: 'message' }, line.body),
    h('bdi', { class: 'gist' }, gist(line)),
  );
  // The rest is made when it is unfolded: a hundred lines are shown, few are opened.
  const unfold = () => {
    const rest = attributeTable(line.attributes, (name) => !name.startsWith('exception.'));
    if (details.children.length === 1) details.append(exception ? exceptionOf(exception) : '', rest ?? '');
  };
  const details = h('details', { ontoggle: unfold }, summary);
  if (isInSpan && exception !== undefined) {
    unfold();
    details.setAttribute('open', '');
  }
  return h('li', { class: `log level-${line.level ?? 'none'}` }, details, !isInSpan && linkOf(line));
}

/** @param {StoredLog} line */
function linkOf({ traceId, spanId, traceFlags, body }) {
  if (traceId === null) return h('span', { class: 'quiet' }, 'no trace');
  // Not sampled, or without flags: the span may be there all the same.
  const isDoubtful = traceFlags !== null && (traceFlags & 1) === 0;
  const text = isDoubtful ? 'not sampled' : spanId === null ? 'trace' : 'span';
  return h('a', { href: traceHash(traceId, spanId), 'aria-label': `${text}: ${body.slice(0, 100)}` }, text);
}

/** What a reader looks for in the attributes of a line whose message is always the same. @param {StoredLog} line */
function gist({ attributes: a }) {
  if (typeof a['exception.message'] === 'string') return a['exception.message'];
  const seconds = a['http.server.request.duration'];
  const parts = [
    a['http.request.method'],
    a['url.path'] ?? a['http.route'],
    a['http.response.status_code'] ?? a['error.type'],
    typeof seconds === 'number' ? duration(seconds) : undefined,
  ];
  return a['http.request.method'] === undefined
    ? ''
    : parts
        .filter((part) => part !== undefined)
        .map(valueText)
        .join(' ');
}
