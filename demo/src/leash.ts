// Loaded into every child by `--import`: a child does not outlive the demo, not even when that is killed.
// Its stdin is a pipe that only the demo holds open.
process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM')).resume();
(process.stdin as unknown as { unref(): void }).unref(); // a pipe here, which has it

// Its stdout is a socket on which a write fails while it is full, and pino tries again 100 ms later: 2 MB/s at most. In a
// container it is a pipe on which a write waits, which costs nothing, because pino writes in a thread.
const { _handle: stdout } = process.stdout as unknown as { _handle?: { setBlocking?(blocking: boolean): void } };
stdout?.setBlocking?.(true);
