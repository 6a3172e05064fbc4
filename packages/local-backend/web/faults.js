import { get, send } from './api.js';
import { h } from './dom.js';
import { createFaultsOfService } from './faults-of-service.js';
import { readyMadeFaults } from './ready-made-faults.js';

/** @import { ServiceState } from './faults-of-service.js' */

const SECONDS = /** @type {const} */ ([
  [30, '30 s'],
  [60, '1 min'],
  [300, '5 min'],
]);

/** Faults of the services: what is active, and a choice of some to switch on. @param {HTMLElement} root */
export function createFaults(root) {
  const service = select('service', []);
  const fault = select(
    'fault',
    readyMadeFaults.map(({ title }, i) => [String(i), title]),
    { 'aria-describedby': 'fault-see' },
  );
  const seconds = select(
    'seconds',
    SECONDS.map(([value, text]) => [String(value), text]),
  );
  seconds.value = '60';
  const see = h('p', { id: 'fault-see', class: 'quiet' });
  const start = h('button', { type: 'submit' }, 'Switch on');
  const note = h('p', { role: 'status' });
  const form = h(
    'form',
    { class: 'fields', 'aria-label': 'Switch a fault on', onsubmit: switchOn, onchange: sayWhere },
    h('label', {}, 'Service ', service),
    h('label', { class: 'wide' }, 'Fault ', fault),
    h('label', {}, 'For ', seconds),
    start,
    see,
    note,
  );
  const list = h('div', { class: 'faults' });
  /** @type {Map<string, ReturnType<typeof createFaultsOfService>>} */
  let shown = new Map();
  /** Counts up, so that an answer from before a change is thrown away. */
  let changes = 0;
  const chosen = () => /** @type {typeof readyMadeFaults[number]} */ (readyMadeFaults[Number(fault.value)]);
  sayWhere();

  function sayWhere() {
    see.textContent = `You will see ${chosen().see}.`;
  }

  /** @param {Event} event */
  function switchOn(event) {
    event.preventDefault();
    const { title, rule } = chosen();
    const faults = [{ ...rule, ttlMs: Number(seconds.value) * 1000 }];
    void change(service.value, `On for ${seconds.selectedOptions[0]?.text}: ${title}`, 'PUT', { faults });
  }

  /** @param {string} name @param {string} done what to say then @param {'PUT' | 'DELETE'} method @param {object} [body] */
  async function change(name, done, method, body) {
    changes += 1;
    say(`Asking ${name} …`);
    try {
      const state = await send(method, `/api/faults/services/${encodeURIComponent(name)}`, body);
      shown.get(name)?.show(state);
      say(`${done} (${name}).`);
    } catch (error) {
      say(/** @type {Error} */ (error).message, true);
    } finally {
      changes += 1;
    }
  }

  function say(/** @type {string} */ text, isBad = false) {
    note.textContent = text;
    note.classList.toggle('bad', isBad);
  }

  /** @param {ServiceState[]} states */
  function show(states) {
    const names = states.map((state) => state.service);
    if (names.length === 0 && (shown.size > 0 || !root.hasChildNodes())) {
      shown = new Map();
      root.replaceChildren(...howToGetThem());
    } else if ([...shown.keys()].join('\n') !== names.join('\n')) {
      const end = (/** @type {string} */ name) => void change(name, 'Switched off', 'DELETE');
      shown = new Map(names.map((name) => [name, createFaultsOfService(name, start, () => end(name))]));
      service.replaceChildren(...names.map((name) => h('option', { value: name }, name)));
      list.replaceChildren(...[...shown.values()].map(({ element }) => element));
      root.replaceChildren(form, list);
    }
    for (const state of states) shown.get(state.service)?.show(state);
  }

  return {
    async load() {
      const before = changes;
      /** @type {ServiceState[]} */
      const states = await get('/api/faults/services');
      return () => {
        if (before === changes) show(states);
      };
    },
  };
}

/** @param {string} name @param {(readonly [value: string, text: string])[]} options @param {Record<string, string>} [attributes] */
function select(name, options, attributes = {}) {
  const element = h(
    'select',
    { name, ...attributes },
    options.map(([value, text]) => h('option', { value }, text)),
  );
  return /** @type {HTMLSelectElement} */ (element);
}

function howToGetThem() {
  return [
    h(
      'p',
      { class: 'nothing' },
      'This local backend was not told of services that fail on demand. The demo (npm start) does so; by hand, with the same token for all:',
    ),
    h(
      'pre',
      { class: 'quiet' },
      'export FAULTS_ADMIN_TOKEN=…\nnode clew.mjs services/full-otel/src/main.ts &\nnode clew.mjs packages/local-backend/src/main.ts --fault-target full-otel=http://127.0.0.1:8080',
    ),
  ];
}
