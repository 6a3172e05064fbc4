/**
 * A rule of docs/faults.md without its `ttlMs`, and what to say about it.
 *
 * @typedef {object} ReadyMadeFault
 * @property {string} title what happens
 * @property {string} see where it shows
 * @property {{ name: string, kind: string, match?: Record<string, string | number>, [parameter: string]: unknown }} rule
 */

/** Those that show something on this page with the traffic of the demo. @type {ReadyMadeFault[]} */
export const readyMadeFaults = [
  {
    title: 'A fifth of the requests answers 503',
    see: 'red dots everywhere, and traces with the status 503',
    rule: { name: 'errors', kind: 'error', status: 503, match: { share: 0.2 } },
  },
  {
    title: 'Every request takes 300 ms longer',
    see: 'the whole cloud of dots moves up, and the spans are long without children',
    rule: { name: 'slow', kind: 'latency', ms: 300 },
  },
  {
    title: 'One request in ten takes 1 to 3 s longer',
    see: 'dots far above the others: a tail that no median shows',
    rule: { name: 'slow-tail', kind: 'latency', minMs: 1000, maxMs: 3000, match: { share: 0.1 } },
  },
  {
    title: 'Every request for user 7 fails',
    see: 'red dots on /api/users/:id alone, whose spans have the same user.id',
    rule: { name: 'one-user', kind: 'exception', message: 'user 7', match: { route: '/api/users/:id', userId: '7' } },
  },
  {
    title: 'The other service cannot be reached',
    see: 'traces of /api/data with the status 502, and without a span of the other service',
    rule: { name: 'peer-down', kind: 'dependency', match: { route: '/api/data' } },
  },
  {
    title: 'One request in fifty is never answered',
    see: 'after 12 s red dots at the top, with the status 503',
    rule: { name: 'hang', kind: 'hang', match: { share: 0.02 } },
  },
  {
    title: 'One request in twenty stops the event loop for 200 ms',
    see: 'requests on every route wait, those without the fault too',
    rule: { name: 'blocked-loop', kind: 'block', ms: 200, match: { share: 0.05 } },
  },
];
