import { once } from 'node:events';
import { request } from 'node:http';

/** Takes the stdout lines of a service to the local backend, in the place of Alloy. */
export interface LogStream {
  write(line: string): void;
  /** Resolves when every line is stored. */
  end(): Promise<void>;
}

export function openLogStream(apiUrl: string, serviceName: string): LogStream {
  const labels = new URLSearchParams({ 'service.name': serviceName, 'service.namespace': 'clew' });
  const stream = request(`${apiUrl}/api/logs?${labels}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
  });
  stream.on('error', () => {}); // end() rejects with it
  const answered = once(stream, 'response').then(([response]) => once(response.resume(), 'end'));
  answered.catch(() => {});
  return {
    write: (line) => void stream.write(`${line}\n`),
    async end() {
      stream.end();
      await answered;
    },
  };
}
