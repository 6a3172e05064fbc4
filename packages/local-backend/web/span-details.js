import { traceHash } from './address.js';
import { attributeTable } from './attribute-table.js';
import { h } from './dom.js';
import { exceptionIn, exceptionOf } from './exception.js';
import { clock, durationUs } from './format.js';
import { logLine } from './log-line.js';

/** @import { StoredLog, StoredSpan } from '@clew/evidence' */

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];

/** What a span says, and the lines that were written in it. @param {StoredSpan} span @param {StoredLog[]} logs */
export function spanDetails(span, logs) {
  const facts = [
    `${KINDS[span.kind] ?? span.kind} span`,
    `started ${clock(span.startUs)}`,
    `took ${durationUs(span.durationUs)}`,
    ...(span.scope ? [`by ${span.scope}`] : []),
  ];
  return h(
    'div',
    { class: 'details' },
    h(
      'p',
      { class: 'facts' },
      facts.map((fact) => h('bdi', {}, fact)),
      h('code', {}, span.spanId),
    ),
    span.statusMessage && h('p', { class: 'bad' }, h('bdi', {}, span.statusMessage)),
    part(
      'Log lines',
      logs.length > 0 &&
        h(
          'ul',
          { class: 'log-lines' },
          logs.map((line) => logLine(line, { isInSpan: true })),
        ),
    ),
    part('Events', span.events.length > 0 && span.events.map(eventOf)),
    part('Attributes', attributeTable(span.attributes)),
    part('Links', span.links.length > 0 && h('ul', {}, span.links.map(linkOf))),
    h('details', { class: 'resource' }, h('summary', {}, 'Resource'), attributeTable(span.resource)),
  );
}

/** @param {string} title @param {HTMLElement | HTMLElement[] | false | null} content */
function part(title, content) {
  return content ? h('section', {}, h('h3', {}, title), content) : null;
}

/** @param {StoredSpan['events'][number]} event */
function eventOf({ name, timeUs, attributes }) {
  const exception = exceptionIn(attributes);
  return h(
    'div',
    {},
    h('p', {}, h('time', {}, clock(timeUs)), ' ', h('bdi', {}, name)),
    exception && exceptionOf(exception),
    attributeTable(attributes, (key) => !key.startsWith('exception.')),
  );
}

/** @param {StoredSpan['links'][number]} link */
function linkOf({ traceId, spanId, attributes }) {
  return h('li', {}, h('a', { href: traceHash(traceId, spanId) }, `trace ${traceId}`), attributeTable(attributes));
}
