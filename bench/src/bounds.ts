import { unaccounted } from './loss.ts';
import type { Results } from './results.ts';

/** What is asked of each service. Bare and auto are there to compare with. */
const BOUNDS: Record<string, { left: number; idleRssMb: number; overBareSeconds: number }> = {
  'full-otel': { left: 0.52, idleRssMb: 110, overBareSeconds: 0.6 },
  'prom-otel': { left: 0.5, idleRssMb: 110, overBareSeconds: 0.6 },
};

/** V8 gives back what the start took when it first collects garbage for want of work, which is within two minutes. */
const IDLE_S = 120;
/** A rate counts as held from this share of its requests on. */
const REACHED = 0.97;

/** What exemplars may add to a measurement: where it may become one, where it does, and where it is only asked whether. */
const EXEMPLAR_NS: Record<string, number> = { 'in a sampled span': 1_500, 'as an exemplar': 4_000 };
const NO_EXEMPLAR_NS = 150;

/** What the fault engine leaves of the capacity when no setting asks for it. */
const FAULTS_OFF = 0.98;

/** Spans a second that the local backend takes on one core. */
export const RECEIVE_RATE = 10_000;

/** The bounds that `results` do not hold, a sentence each. */
export function broken({ long, capacity, start, loss, exemplars, faults, receive }: Results): string[] {
  const sentences: string[] = [];
  for (const [variant, bound] of Object.entries(BOUNDS)) {
    const left = capacity.find((one) => one.variant === variant)?.left.median ?? 1;
    if (left < bound.left)
      sentences.push(`${variant} has ${left.toFixed(2)} of bare's capacity, at least ${bound.left}`);
    const { idleRssMb = 0, idleSeconds = 0, overBareSeconds } = start.find((one) => one.variant === variant) ?? {};
    if (idleSeconds >= IDLE_S && idleRssMb > bound.idleRssMb)
      sentences.push(`${variant} idles at ${idleRssMb.toFixed(0)} MB, at most ${bound.idleRssMb}`);
    const late = overBareSeconds?.median ?? 0;
    if (late > bound.overBareSeconds) {
      sentences.push(`${variant} starts ${late.toFixed(2)} s later than bare, at most ${bound.overBareSeconds}`);
    }
  }
  for (const one of loss) {
    const { spans, lines, points } = unaccounted(one);
    const { name, rate, seconds } = one.scenario;
    if (one.answered === 0) sentences.push(`${one.variant}, ${name}: nothing was answered, so nothing is proven`);
    if ([spans, lines, points, one.cut].some((count) => count !== 0)) {
      sentences.push(
        `${one.variant}, ${name}: ${spans} spans, ${lines} lines, ${points} points lost, ${one.cut} responses cut`,
      );
    }
    if (long && rate !== undefined && one.answered < REACHED * rate * seconds) {
      sentences.push(`${one.variant}, ${name}: only ${one.answered} answered, the machine is too busy for the rate`);
    }
  }
  for (const { where, addedNs } of exemplars) {
    const most = EXEMPLAR_NS[where] ?? NO_EXEMPLAR_NS;
    if (addedNs > most)
      sentences.push(`exemplars add ${addedNs.toFixed(0)} ns to a measurement ${where}, at most ${most}`);
  }
  const off = faults.find(({ variant }) => variant === 'off')?.left.median ?? 1;
  if (off < FAULTS_OFF)
    sentences.push(`the fault engine leaves ${off.toFixed(3)} of the capacity when it is off, at least ${FAULTS_OFF}`);
  if (receive) {
    const { fullSpeed, rate, missing, peakBytes, maxBytes } = receive;
    if (receive.accepted === 0) sentences.push('the local backend accepted nothing');
    if (missing !== 0) sentences.push(`the local backend lost ${missing} spans`);
    if (peakBytes > maxBytes) sentences.push(`the local backend took ${peakBytes} bytes, at most ${maxBytes}`);
    if (long && Math.min(fullSpeed, rate / REACHED) < RECEIVE_RATE)
      sentences.push(
        `the local backend took ${Math.min(fullSpeed, rate).toFixed(0)} spans/s, at least ${RECEIVE_RATE}`,
      );
  }
  return sentences;
}
