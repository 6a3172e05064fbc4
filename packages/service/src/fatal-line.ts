/**
 * A log line for stderr, where it is seen whatever has become of the logger and of what it writes to. One JSON object
 * with the names that all log lines have.
 */
export function fatalLine(msg: string, error: unknown): string {
  const known = error instanceof Error ? error : new Error(String(error));
  const line = {
    level: 'fatal',
    time: Date.now(),
    msg,
    'exception.type': known.name,
    'exception.message': known.message,
    'exception.stacktrace': stacktrace(known),
  };
  return `${JSON.stringify(line)}\n`;
}

function stacktrace(error: Error): string {
  const own = error.stack ?? `${error.name}: ${error.message}`;
  return error.cause instanceof Error ? `${own}\ncaused by ${stacktrace(error.cause)}` : own;
}
