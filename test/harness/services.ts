/** A service that every test of this folder runs against. */
export interface ServiceUnderTest {
  /** Its folder below services/, and what it calls itself. */
  name: string;
  /** Which way its metrics and its log lines leave the process. Traces go over OTLP in all of them. */
  metrics: 'otlp' | 'scrape';
  logs: 'otlp' | 'stdout';
}

export const services: ServiceUnderTest[] = [
  { name: 'full-otel', metrics: 'otlp', logs: 'otlp' },
  { name: 'prom-otel', metrics: 'scrape', logs: 'stdout' },
];
