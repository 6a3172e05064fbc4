import type { UndiciInstrumentationConfig } from '@opentelemetry/instrumentation-undici';
import { redactQuery } from './url.ts';

/** CLIENT spans for `fetch`: no query values on them, and none for a call that belongs to no request. */
export const outgoingRequest: UndiciInstrumentationConfig = {
  requireParentforSpans: true,
  startSpanHook({ origin, path }) {
    const [pathname, query] = path.split('?', 2);
    if (query === undefined) return { 'url.query': undefined }; // it would be empty
    const redacted = redactQuery(query);
    return { 'url.query': redacted, 'url.full': `${origin}${pathname}?${redacted}` };
  },
};
