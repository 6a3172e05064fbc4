import { noFilters, traceHash, traceIdIn } from './address.js';
import { byId, h } from './dom.js';

/** @import { Filters } from './address.js' */

/**
 * The form with the trace id and the filters.
 *
 * @param {HTMLFormElement} form
 * @param {(filters: Filters) => void} onChange
 */
export function createSearch(form, onChange) {
  const field = (/** @type {string} */ name) =>
    /** @type {HTMLInputElement | HTMLSelectElement} */ (form.elements.namedItem(name));
  const clear = /** @type {HTMLButtonElement} */ (form.querySelector('[type=reset]'));
  const problem = byId('search-problem');
  const names = /** @type {(keyof Filters)[]} */ (Object.keys(noFilters));

  const filters = () =>
    /** @type {Filters} */ (Object.fromEntries(names.map((name) => [name, field(name).value || noFilters[name]])));

  const set = (/** @type {Filters} */ wanted) => {
    for (const name of names) {
      const input = field(name);
      if (input instanceof HTMLSelectElement) choose(input, wanted[name]);
      else if (input !== document.activeElement) input.value = wanted[name];
    }
    showClear();
  };
  const showClear = () => {
    const { window: _window, level: _level, ...chosen } = filters();
    clear.hidden = Object.values(chosen).every((value) => value === '');
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    openTrace();
  });
  form.addEventListener('reset', (event) => {
    event.preventDefault();
    const { window, level } = filters();
    set({ ...noFilters, window, level });
    onChange(filters());
    field('service').focus();
  });
  form.addEventListener('change', (event) => {
    if (event.target === field('id')) return;
    showClear();
    onChange(filters());
  });
  // Fields elsewhere that belong to the form by their `form` attribute do not bubble through it.
  for (const name of ['window', 'level']) field(name).addEventListener('change', () => onChange(filters()));
  field('id').addEventListener('input', () => {
    problem.hidden = true;
  });

  function openTrace() {
    const text = field('id').value;
    const id = traceIdIn(text);
    problem.hidden = id !== undefined || text.trim() === '';
    problem.textContent = 'No trace id in that: it has 32 digits from 0 to 9 and a to f.';
    if (id === undefined) return;
    field('id').value = '';
    location.hash = traceHash(id);
  }

  return {
    filters,
    set,
    /**
     * What there is to choose from.
     * @param {{ services?: string[], routes?: string[], statuses?: number[] }} choices
     */
    offer({ services, routes, statuses }) {
      if (services) offer(field('service'), services);
      if (routes) offer(field('route'), routes);
      if (statuses) offer(field('status'), ['errors', ...statuses.map(String)]);
    },
  };
}

/** @param {any} select one of the form that is a select @param {string[]} values */
function offer(select, values) {
  const { value } = select;
  const wanted = ['', ...new Set([...values, ...(value === '' ? [] : [value])])];
  const there = [...select.options].map((option) => option.value);
  if (wanted.join('\n') === there.join('\n')) return;
  select.replaceChildren(...wanted.map((one) => h('option', { value: one }, one || 'all')));
  select.value = value;
}

/** Also what is not offered yet: a link may come before the data. @param {HTMLSelectElement} select @param {string} value */
function choose(select, value) {
  if (![...select.options].some((option) => option.value === value)) {
    select.append(h('option', { value }, value || 'all'));
  }
  select.value = value;
}
