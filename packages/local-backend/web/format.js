const units = /** @type {const} */ ([
  [1, 's'],
  [1e-3, 'ms'],
  [1e-6, 'µs'],
]);

/** 0.0089 -> `8.9 ms`. @param {number} seconds */
export function duration(seconds) {
  if (seconds === 0) return '0 s';
  const whole = Math.round(seconds);
  if (whole > 120) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const [size, unit] = units.find(([size]) => seconds >= size * 0.9995) ?? units[2];
  const amount = seconds / size;
  return `${Number(amount.toPrecision(amount >= 100 ? 3 : 2))} ${unit}`;
}

/** @param {number} us microseconds */
export const durationUs = (us) => duration(us / 1e6);

/** Local time to the millisecond. @param {number} us microseconds since the epoch */
export function clock(us) {
  const time = new Date(us / 1000);
  const milliseconds = String(time.getMilliseconds()).padStart(3, '0');
  return `${[time.getHours(), time.getMinutes(), time.getSeconds()].map(twoDigits).join(':')}.${milliseconds}`;
}

/** @param {number} us microseconds since the epoch */
export function dateAndClock(us) {
  const day = new Date(us / 1000);
  return `${day.getFullYear()}-${twoDigits(day.getMonth() + 1)}-${twoDigits(day.getDate())} ${clock(us)}`;
}

/** @param {number} n */
const twoDigits = (n) => String(n).padStart(2, '0');

const grouped = new Intl.NumberFormat('en');

/** 12345 -> `12,345`. @param {number} n */
export const count = (n) => grouped.format(n);

/** 1 span, 2 spans. @param {number} n @param {string} noun */
export const counted = (n, noun) => `${count(n)} ${noun}${n === 1 ? '' : 's'}`;

/** @param {number} n */
export function bytes(n) {
  return n < 1e6 ? `${Math.ceil(n / 1e3)} kB` : `${(n / 1e6).toFixed(1)} MB`;
}

/** Never rounds up to 100 %. @param {number} share 0 to 1 */
export function percent(share) {
  if (share > 0 && share < 0.001) return '< 0.1 %';
  return `${Math.floor(share * 1000) / 10} %`;
}

/** An attribute's value in words. @param {unknown} value */
export const valueText = (value) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
