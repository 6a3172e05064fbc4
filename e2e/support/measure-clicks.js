/**
 * Milliseconds from each of some clicks until the trace it leads to is painted, sorted. Runs in the page.
 *
 * @param {string} selector links to traces
 * @param {number} clicks
 */
export async function measureClicks(selector, clicks) {
  const idle = () => new Promise((resolve) => requestIdleCallback(resolve));
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const isShown = (id, inside) => document.querySelector(`#${id}:not([hidden]) ${inside}`) !== null;
  const times = [];
  for (let i = 0; i < clicks; i += 1) {
    const links = document.querySelectorAll(selector);
    const link = links[Math.floor((i / clicks) * links.length)];
    const traceId = /[0-9a-f]{32}/.exec(link.getAttribute('href'))[0];
    const start = performance.now();
    link.click();
    while (!isShown('trace', `.span a[href*="${traceId}"]`)) await frame();
    await frame();
    times.push(performance.now() - start);
    history.back();
    while (!isShown('overview', selector)) await frame();
    await idle(); // nobody clicks what is not painted yet
  }
  return times.sort((a, b) => a - b);
}
