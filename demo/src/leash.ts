// Loaded into every child by `--import`: a child does not outlive the demo, not even when that is killed.
// Its stdin is a pipe that only the demo holds open.
process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM')).resume();
(process.stdin as unknown as { unref(): void }).unref(); // a pipe here, which has it
