import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** deploy/helm */
export const HELM = join(import.meta.dirname, '..', '..', '..', 'deploy', 'helm');

/** Folders of deploy/helm that hold a chart. */
export const charts = readdirSync(HELM).filter((name) => existsSync(join(HELM, name, 'Chart.yaml')));
