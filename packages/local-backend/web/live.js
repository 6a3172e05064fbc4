const EVERY_MS = 3000;

/**
 * Calls `refresh` now and every few seconds, the next time after it has ended; not while nobody looks.
 *
 * @param {() => Promise<void>} refresh
 */
export function startLive(refresh) {
  let on = true;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Promise<void> | undefined} */
  let running;

  const tick = () => {
    clearTimeout(timer);
    running ??= refresh().finally(() => {
      running = undefined;
      if (on && !document.hidden) timer = setTimeout(tick, EVERY_MS);
    });
    return running;
  };
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) clearTimeout(timer);
    else if (on) void tick();
  });
  void tick();

  return {
    /** Once more, now; also when paused. */
    async now() {
      await running;
      await tick();
    },
    /** @returns {boolean} whether it is on now */
    toggle() {
      on = !on;
      if (on) void tick();
      else clearTimeout(timer);
      return on;
    },
  };
}
