import type { UndiciInstrumentationConfig } from '@opentelemetry/instrumentation-undici';
import { redactQuery } from './url.ts';

/** CLIENT spans for `fetch`: no query values on them, and none for a call that belongs to no request. */
export const outgoingRequest: UndiciInstrumentationConfig = {
  requireParentforSpans: true,
  requestHook(span, { origin, path }) {
    const [pathname, query] = path.split('?', 2);
    if (query === undefined) return;
    const redacted = redactQuery(query);
    span.setAttribute('url.query', redacted).setAttribute('url.full', `${origin}${pathname}?${redacted}`);
  },
};
