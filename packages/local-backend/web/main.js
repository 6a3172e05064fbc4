import { overviewHash, parseAddress, traceHash } from './address.js';
import { BackendGone } from './api.js';
import { byId } from './dom.js';
import { startLive } from './live.js';
import { createOverview } from './overview.js';
import { themeButton } from './theme.js';
import { createTraceView } from './trace.js';

const overview = createOverview(byId('overview'), (filters) => {
  left.hash = overviewHash(filters);
  history.replaceState(history.state, '', left.hash);
  void notice(overview.refresh());
});
const trace = createTraceView(byId('trace'));

/** The overview as it was left, to come back to. */
const left = { hash: '#/', scroll: 0, focus: /** @type {Element | null} */ (null) };
/** How many entries of the history before this one are of this page; each entry notes its own. */
let depth = history.state?.depth ?? 0;

/** @type {ReturnType<typeof startLive> | undefined} */
let live;
show();
live = startLive(refresh);
addEventListener('hashchange', () => {
  if (history.state === null) history.replaceState({ depth: depth + 1 }, '');
  depth = history.state.depth;
  show();
});
addEventListener('keydown', onKey);
// A click on a link hides the element that has the focus, so it is noted before that.
document.addEventListener('click', leave, { capture: true });

themeButton(byId('theme'));
const liveButton = byId('live');
const sayLive = (/** @type {boolean} */ on) => {
  liveButton.textContent = on ? '● Live' : '❚❚ Paused';
  liveButton.classList.toggle('good', on);
  liveButton.title = on ? 'New data comes in every few seconds; choose to hold it' : 'Choose to let new data in again';
};
liveButton.addEventListener('click', () => sayLive(live.toggle()));
sayLive(true);

/** Shows what the hash says. */
function show() {
  const address = parseAddress(location.hash);
  if (address.view === 'trace') {
    // Not before the trace is there: one change on the screen, not two.
    const reveal = () => view('trace');
    void notice(trace.open(address.traceId, address.spanId, left.hash, reveal));
    return;
  }
  const wasOverview = !byId('overview').hidden;
  view('overview');
  trace.close();
  document.title = 'clew';
  left.hash = location.hash || '#/';
  if (overview.setFilters(address.filters)) void live?.now();
  if (wasOverview) return;
  scrollTo(0, left.scroll);
  if (left.focus instanceof HTMLElement) left.focus.focus({ preventScroll: true });
}

/** @param {'overview' | 'trace'} id */
function view(id) {
  for (const one of ['overview', 'trace']) byId(one).hidden = one !== id;
}

function leave() {
  if (byId('overview').hidden) return;
  left.scroll = scrollY;
  left.focus = document.activeElement;
}

async function refresh() {
  await notice(parseAddress(location.hash).view === 'trace' ? trace.refresh() : overview.refresh());
}

/** Says what went wrong and what to do; goes away by itself when the next answer is good. @param {Promise<void>} work */
async function notice(work) {
  const element = byId('notice');
  try {
    await work;
    element.hidden = true;
  } catch (error) {
    const gone = `The local backend at ${location.host} does not answer. Start it again (npm start): this page goes on by itself.`;
    element.textContent = error instanceof BackendGone ? gone : String(error);
    element.hidden = false;
    if (!(error instanceof BackendGone)) throw error;
  }
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.key === 'Enter') leave();
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const typing = event.target instanceof HTMLElement && event.target.matches('input, select, textarea');
  if (event.key === 'Escape') {
    if (typing) /** @type {HTMLElement} */ (event.target).blur();
    else goBack();
  }
  if (event.key === '/' && !typing) {
    event.preventDefault();
    if (byId('overview').hidden) location.hash = left.hash;
    byId('overview').querySelector('input[name=id]').focus();
  }
}

/** Where the back button leads; who came by a link from elsewhere gets from a span to its trace and to the overview. */
function goBack() {
  const address = parseAddress(location.hash);
  if (address.view === 'overview') return;
  if (depth > 0) history.back();
  else location.hash = address.spanId === undefined ? left.hash : traceHash(address.traceId);
}
