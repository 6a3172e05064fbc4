import { ATTR_URL_FULL, ATTR_URL_QUERY } from '@opentelemetry/semantic-conventions';
import type { UndiciInstrumentationConfig } from '@opentelemetry/instrumentation-undici';
import { redactQuery } from './url.ts';

/** CLIENT spans for `fetch`: no query values on them, and none for a call that belongs to no request. */
export const outgoingRequest: UndiciInstrumentationConfig = {
  requireParentforSpans: true,
  requestHook(span, { origin, path }) {
    const [pathname, query] = path.split('?', 2);
    if (query === undefined) return;
    const redacted = redactQuery(query);
    span.setAttribute(ATTR_URL_QUERY, redacted).setAttribute(ATTR_URL_FULL, `${origin}${pathname}?${redacted}`);
  },
};
