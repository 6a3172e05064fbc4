// node -C clew-source bench/main.ts
import { measureExemplars } from './measure.ts';

for (const { where, withoutNs, addedNs, ratio } of await measureExemplars({ rounds: 60 })) {
  const [without, added] = [withoutNs, addedNs].map((ns) => ns.toFixed(0).padStart(5));
  console.log(
    `${where.padEnd(22)} ${without} ns CPU per measurement, exemplars add ${added}, ratio ${ratio.toFixed(2)}`,
  );
}
