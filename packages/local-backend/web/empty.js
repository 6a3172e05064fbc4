import { h } from './dom.js';

/**
 * What to do when nothing has arrived, in place of what shows it.
 *
 * @param {HTMLElement} root
 * @param {HTMLElement} filled
 */
export function createEmpty(root, filled) {
  return {
    /** @param {{ received: Record<string, number>, otlp: { grpc: string, http: string } }} summary */
    show({ received, otlp }) {
      root.hidden = Object.values(received).some((count) => count > 0);
      filled.hidden = !root.hidden;
      if (root.hidden || root.hasChildNodes()) return;
      root.append(
        h('h2', {}, 'Nothing has arrived yet'),
        h('p', {}, 'Start the demo, which sends traffic through two services:'),
        h('pre', {}, 'npm start'),
        h('p', {}, 'or point a service of yours here:'),
        h(
          'pre',
          {},
          `OTEL_EXPORTER_OTLP_ENDPOINT=${otlp.grpc}   # OTLP over gRPC\nOTEL_EXPORTER_OTLP_ENDPOINT=${otlp.http}   # OTLP over HTTP`,
        ),
        h('p', {}, 'This page shows the first data by itself.'),
      );
    },
  };
}
