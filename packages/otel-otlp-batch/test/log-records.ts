import { type AnyValue, ROOT_CONTEXT } from '@opentelemetry/api';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider, type ReadableLogRecord } from '@opentelemetry/sdk-logs';

/** Makes log records as the SDK does, all of one resource. */
export function logRecords(resource: Resource = resourceFromAttributes({ 'service.name': 'test' })) {
  let emitted: ReadableLogRecord | undefined;
  const provider = new LoggerProvider({
    resource,
    processors: [
      {
        onEmit(record) {
          emitted = record;
        },
        forceFlush: async () => {},
        shutdown: async () => {},
      },
    ],
  });
  return (body: AnyValue, scope = 'test'): ReadableLogRecord => {
    provider.getLogger(scope).emit({ body, timestamp: 1, observedTimestamp: 2, context: ROOT_CONTEXT });
    if (!emitted) throw new Error('The SDK has emitted nothing.');
    return emitted;
  };
}
