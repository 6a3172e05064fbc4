import type { BackendProcess } from './backend-process.ts';
import type { Traffic } from './traffic.ts';

const INTERVAL_MS = 1000;
const INTERVAL_WITHOUT_TERMINAL_MS = 10_000;

interface Summary {
  received: { spans: number; logs: number; points: number; exemplars: number };
  linked: { rate: number | null };
}

/** Shows one line of figures, rewritten every second on a terminal, a new one every ten seconds elsewhere. */
export function showStatus(backend: BackendProcess, traffic: Traffic, out: NodeJS.WriteStream = process.stdout) {
  const startedAt = performance.now();
  let last = { at: startedAt, sent: 0 };
  let shown = '';

  const show = async (): Promise<void> => {
    const { received, linked } = await backend.get<Summary>('/api/summary');
    const { sent, errors, failed } = traffic.totals();
    const now = performance.now();
    const rate = ((sent - last.sent) / (now - last.at)) * 1000;
    last = { at: now, sent };
    shown = [
      `${Math.round((now - startedAt) / 1000)} s`,
      `${rate.toFixed(0)} requests/s`,
      `${errors} errors`,
      ...(failed > 0 ? [`${failed} without an answer`] : []),
      `${received.spans} spans`,
      `${received.logs} logs`,
      `${received.exemplars} exemplars`,
      linked.rate === null ? 'nothing linked yet' : `${(Math.floor(linked.rate * 1000) / 10).toFixed(1)} % linked`,
    ].join('   ');
    out.write(out.isTTY ? `\r\x1b[2K${shown}` : `${shown}\n`);
  };
  // A summary that cannot be had is shown with the next one; a backend that ended is reported by whoever watches it.
  const timer = setInterval(() => void show().catch(() => {}), out.isTTY ? INTERVAL_MS : INTERVAL_WITHOUT_TERMINAL_MS);

  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      if (out.isTTY && shown) out.write('\n');
    },
  };
}
