import { unaccounted } from './loss.ts';
import type { Results } from './results.ts';
import { SERVICES } from './variants.ts';

/** What is asked of each variant of a service. Bare and auto are there to compare with. */
const CAPACITY_LEFT: Record<string, number> = { 'full-otel': 0.52, 'prom-otel': 0.5, 'no-exemplars': 0.55 };
const IDLE_RSS_MB = 110;
const OVER_BARE_S = 0.6;

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
  for (const { variant, left } of capacity) {
    const least = CAPACITY_LEFT[variant] ?? 0;
    if (left.median < least)
      sentences.push(`${variant} has ${left.median.toFixed(2)} of bare's capacity, at least ${least}`);
  }
  for (const { variant, idleRssMb, idleSeconds, overBareSeconds } of start) {
    if (!SERVICES.some(({ name }) => name === variant)) continue;
    if (idleSeconds >= IDLE_S && idleRssMb > IDLE_RSS_MB)
      sentences.push(`${variant} idles at ${idleRssMb.toFixed(0)} MB, at most ${IDLE_RSS_MB}`);
    const late = overBareSeconds.median;
    if (late > OVER_BARE_S)
      sentences.push(`${variant} starts ${late.toFixed(2)} s later than bare, at most ${OVER_BARE_S}`);
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
