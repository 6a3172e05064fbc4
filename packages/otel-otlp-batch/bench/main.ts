// node -C clew-source bench/main.ts
import { measureBatches } from './measure.ts';

console.log('records      processor     CPU per record  the processor adds  RSS');
for (const { records, processor, cpuUs, addedUs, rssMb } of await measureBatches()) {
  const [cpu, added] = [cpuUs, addedUs].map((us) => us.toFixed(1).padStart(5));
  console.log(
    `${records.padEnd(12)} ${processor.padEnd(13)} ${cpu} us        ${added} us            ${rssMb.toFixed(0)} MB`,
  );
}
