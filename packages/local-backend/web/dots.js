import { traceHash } from './address.js';
import { h } from './dom.js';
import { clock, duration } from './format.js';
import { keep } from './keep.js';
import { colourOf } from './service-name.js';

/** @import { StoredExemplar } from '@clew/evidence' */

/**
 * Exemplars as dots that are links. The Tab key goes to one of them, the arrow keys from there to the others: left and
 * right by time, up and down by duration.
 *
 * @param {HTMLElement} over the area within the axes
 */
export function createDots(over) {
  const root = h('div', {
    class: 'dots',
    role: 'group',
    'aria-label': 'Exemplars. Arrow keys move, Enter opens the trace.',
  });
  const tip = h('div', { class: 'tip', 'aria-hidden': 'true', hidden: true });
  over.append(root, tip);
  /** @type {WeakMap<Element, StoredExemplar>} */
  const exemplarOf = new WeakMap();

  const make = (/** @type {StoredExemplar} */ exemplar) => {
    const { traceId, spanId, linked, service, labels } = exemplar;
    const state = `${labels.error_type ? 'error' : ''} ${linked ? '' : 'dangling'}`;
    const dot = h('a', {
      class: `dot ${colourOf(service)} ${state}`,
      href: traceHash(traceId, spanId),
      tabindex: -1,
      'aria-label': textOf(exemplar).join(', '),
    });
    exemplarOf.set(dot, exemplar);
    return dot;
  };

  /** @param {Element} dot */
  const showTip = (dot) => {
    const exemplar = exemplarOf.get(dot);
    if (exemplar === undefined) return;
    tip.replaceChildren(...textOf(exemplar).map((text) => h('bdi', {}, text)));
    tip.hidden = false;
    const { offsetLeft: x, offsetTop: y } = /** @type {HTMLElement} */ (dot);
    tip.style.left = `${Math.max(0, Math.min(x + 12, over.clientWidth - tip.offsetWidth))}px`;
    tip.style.top = `${y > tip.offsetHeight + 12 ? y - tip.offsetHeight - 8 : y + 16}px`;
  };
  const hideTip = () => {
    tip.hidden = true;
  };
  const onDot = (/** @type {(dot: Element) => void} */ act) => (/** @type {Event} */ event) => {
    if (event.target instanceof Element && event.target.matches('.dot')) act(event.target);
  };
  root.addEventListener('pointerover', onDot(showTip));
  root.addEventListener('pointerout', hideTip);
  root.addEventListener('focusout', hideTip);
  root.addEventListener(
    'focusin',
    onDot((dot) => {
      reachable(dot);
      showTip(dot);
    }),
  );
  // Easier to hit than to see.
  root.addEventListener('click', (event) => {
    if (event.target === root) nearestDot(root, event)?.click();
  });
  root.addEventListener('keydown', (event) => {
    const to = nextDot(event.key, event.target);
    if (to === undefined) return;
    event.preventDefault();
    to.focus();
  });

  /** The dot that Tab goes to. @param {Element} dot */
  function reachable(dot) {
    for (const other of root.querySelectorAll('[tabindex="0"]')) other.setAttribute('tabindex', '-1');
    dot.setAttribute('tabindex', '0');
  }

  /** @param {string} key @param {EventTarget | null} from */
  function nextDot(key, from) {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1, Home: -Infinity, End: Infinity }[key];
    if (step === undefined) return undefined;
    const all = /** @type {HTMLElement[]} */ ([...root.children]);
    if (key === 'ArrowUp' || key === 'ArrowDown') {
      all.sort((a, b) => (exemplarOf.get(a)?.value ?? 0) - (exemplarOf.get(b)?.value ?? 0));
    }
    const at = all.indexOf(/** @type {HTMLElement} */ (from)) + step;
    return all[Math.max(0, Math.min(at, all.length - 1))];
  }

  return {
    /**
     * @param {StoredExemplar[]} exemplars
     * @param {(exemplar: StoredExemplar) => { left: number, top: number }} place in pixels
     */
    show(exemplars, place) {
      const byTime = exemplars.toSorted((a, b) => a.timeUs - b.timeUs);
      keep(root, byTime, keyOf, make);
      for (const dot of /** @type {Iterable<HTMLElement>} */ (root.children)) {
        const exemplar = exemplarOf.get(dot);
        if (exemplar === undefined) continue;
        const { left, top } = place(exemplar);
        dot.style.left = `${left}px`;
        dot.style.top = `${top}px`;
      }
      const focused = root.querySelector(':focus');
      if (focused !== null && !tip.hidden) showTip(focused);
      if (root.querySelector('[tabindex="0"]') === null) root.lastElementChild?.setAttribute('tabindex', '0');
    },
  };
}

/** The dot that a click just missed. @param {HTMLElement} root @param {MouseEvent} event */
function nearestDot(root, { clientX, clientY }) {
  const within = 14;
  const near = [...root.children].map((dot) => {
    const { x, y, width, height } = dot.getBoundingClientRect();
    return { dot, distance: Math.hypot(x + width / 2 - clientX, y + height / 2 - clientY) };
  });
  const [nearest] = near.filter(({ distance }) => distance < within).sort((a, b) => a.distance - b.distance);
  return /** @type {HTMLElement | undefined} */ (nearest?.dot);
}

/** @param {StoredExemplar} exemplar */
function keyOf({ seriesId, le, timeUs, traceId, spanId }) {
  return [seriesId, le, timeUs, traceId, spanId].join(' ');
}

/** @param {StoredExemplar} exemplar */
function textOf({ service, labels, value, timeUs, linked }) {
  const what = `${labels.http_request_method ?? ''} ${labels.http_route ?? '(no route)'}`;
  const status = labels.http_response_status_code ?? labels.error_type ?? '';
  const text = [service, `${what} ${status}`, `${duration(value)} at ${clock(timeUs)}`];
  return linked ? text : [...text, 'its span is not here'];
}
