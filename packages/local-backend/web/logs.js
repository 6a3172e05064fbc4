import { get } from './api.js';
import { arrowKeys } from './arrows.js';
import { h } from './dom.js';
import { keep } from './keep.js';
import { logLine } from './log-line.js';
import { isPointedAt } from './pointed-at.js';

/** @import { StoredLog } from '@clew/evidence' */
/** @import { Filters } from './address.js' */

const MOST = 50;

/** The newest log lines. @param {HTMLElement} root */
export function createLogs(root) {
  const nothing = h(
    'p',
    { class: 'nothing', hidden: true },
    'No such lines yet: choose another level or service, or wait.',
  );
  root.after(nothing);
  arrowKeys(root, 'summary');
  let answered = '';
  return {
    /** @param {Filters} filters */
    async load({ service, level }) {
      /** @type {StoredLog[]} */
      const lines = await get('/api/logs', { service, level, limit: MOST });
      return () => {
        const question = JSON.stringify([service, level]);
        if (question === answered && isPointedAt(root)) return;
        answered = question;
        nothing.hidden = lines.length > 0;
        showLines(root, lines);
      };
    },
  };
}

/** @param {HTMLElement} list @param {StoredLog[]} lines */
export function showLines(list, lines) {
  /** A line has no id. @type {Map<string, number>} */
  const seen = new Map();
  const keyed = lines.toReversed().map((line) => {
    const key = [line.timeUs, line.service, line.spanId, line.body].join(' ');
    seen.set(key, (seen.get(key) ?? 0) + 1);
    return { line, key: `${key} ${seen.get(key)}` };
  });
  keep(
    list,
    keyed.reverse(),
    ({ key }) => key,
    ({ line }) => logLine(line),
  );
}
