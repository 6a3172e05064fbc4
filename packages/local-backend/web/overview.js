import { get } from './api.js';
import { createCounts } from './counts.js';
import { byId } from './dom.js';
import { createEmpty } from './empty.js';
import { createFaults } from './faults.js';
import { createLogs } from './logs.js';
import { createPlot } from './plot.js';
import { createSearch } from './search.js';
import { loadServices } from './service-name.js';
import { createServices } from './services.js';
import { createTraces } from './traces.js';

/** @import { Filters } from './address.js' */

/**
 * Everything but a single trace.
 *
 * @param {HTMLElement} root
 * @param {(filters: Filters) => void} onFilters called when the user has chosen others
 */
export function createOverview(root, onFilters) {
  const counts = createCounts(byId('counts'));
  const empty = createEmpty(byId('empty'), byId('filled'));
  const plot = createPlot(byId('plot'));
  const faults = createFaults(byId('faults'));
  const traces = createTraces(byId('traces'), byId('traces-note'));
  const services = createServices(byId('services'));
  const logs = createLogs(byId('logs'));
  const search = createSearch(byId('search'), onFilters);
  /** Counts up, so that the answers to old filters are thrown away. */
  let asked = 0;
  let turnsShown = 0;

  /** One after the other, not all at once, so that a click has to wait for one question at most. */
  async function refresh() {
    const turn = ++asked;
    const filters = search.filters();
    const isCurrent = () => turn === asked && !root.hidden;

    const summary = await get('/api/summary');
    const names = await loadServices({ again: true });
    if (!isCurrent()) return;
    counts.show(summary);
    empty.show(summary);
    search.offer({ services: names });
    // Beside the others: it waits for the services, which a fault may keep busy, and not for the store.
    await Promise.all([showOneByOne([faults]), showOneByOne([plot, traces, services, logs])]);
    if (!isCurrent()) return;
    search.offer(plot.choices());
    turnsShown += 1;

    /** @param {{ load: (filters: Filters) => Promise<() => void> }[]} panels */
    async function showOneByOne(panels) {
      for (const panel of panels) {
        const show = await panel.load(filters);
        if (!isCurrent()) return;
        show();
      }
    }
  }

  return {
    refresh,
    /** @param {Filters} filters @returns {boolean} whether they have changed, so that it is time to refresh */
    setFilters(filters) {
      const before = JSON.stringify(search.filters());
      search.set(filters);
      return turnsShown === 0 || JSON.stringify(search.filters()) !== before;
    },
  };
}
