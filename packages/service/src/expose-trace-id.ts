import { isSpanContextValid, trace } from '@opentelemetry/api';
import type { FastifyInstance } from 'fastify';

/**
 * Tells clients the trace of their request in a header that browsers show and let scripts read:
 * `Server-Timing: traceparent;desc="00-<trace id>-<span id>-<flags>"`. What is not traced, such as probes, has none.
 * https://www.w3.org/TR/server-timing/
 */
export function exposeTraceId(app: FastifyInstance): void {
  app.addHook('onSend', (_request, reply, _payload, done) => {
    const span = trace.getActiveSpan()?.spanContext();
    if (span !== undefined && isSpanContextValid(span)) {
      const flags = span.traceFlags.toString(16).padStart(2, '0');
      reply.header('server-timing', `traceparent;desc="00-${span.traceId}-${span.spanId}-${flags}"`);
    }
    done();
  });
}
