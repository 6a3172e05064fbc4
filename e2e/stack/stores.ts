import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createJaeger, type Jaeger } from './jaeger.ts';
import { createLoki, type Loki } from './loki.ts';
import { createPrometheus, type Prometheus } from './prometheus.ts';

/** Real stores with data of their own, which goes with them. */
export interface Stores {
  prometheus: Prometheus;
  loki: Loki;
  jaeger: Jaeger;
  /** For whatever else has to go with them. */
  folder: string;
  close(): Promise<void>;
}

export async function startStores(): Promise<Stores> {
  const folder = mkdtempSync(join(tmpdir(), 'clew-stack-'));
  const prometheus = await createPrometheus(join(folder, 'prometheus'));
  const loki = await createLoki(join(folder, 'loki'));
  const jaeger = await createJaeger(join(folder, 'jaeger'));
  const all = [prometheus, loki, jaeger];
  const close = async () => {
    await Promise.all(all.map((store) => store.stop()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await Promise.all(all.map((store) => store.start()));
  } catch (error) {
    await close();
    throw error;
  }
  return { prometheus, loki, jaeger, folder, close };
}
