import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HELM } from './charts.ts';
import { type KubeObject, workloads } from './objects.ts';

export const IMAGES = join(HELM, 'images.txt');

/** Images, by the chart and its version that name them; those of this repository by what they are. */
export type ImageList = Map<string, string[]>;

export const OURS = 'service, clew, load, alloy, backends/charts';

const HEAD = `# Every image that a release of deploy/helm can name, by the chart that names it. README.md says how to mirror them.
# Written by \`node clew.mjs e2e/helm/images-update.ts\`.
`;

export function writeImages(list: ImageList): string {
  const parts = [...list].map(([chart, images]) => `\n# ${chart}\n${images.toSorted().join('\n')}\n`);
  return HEAD + parts.join('');
}

export function readImages(text = readFileSync(IMAGES, 'utf8')): ImageList {
  const parts = text.split('\n\n').slice(1);
  return new Map(
    parts.map((part) => {
      const [head = '', ...images] = part.trimEnd().split('\n');
      return [head.replace(/^# /, ''), images];
    }),
  );
}

/** The images of pods. */
export function imagesOf(objects: KubeObject[]): string[] {
  const specs = workloads(objects).map(({ template }) => template.spec);
  const all = specs.flatMap(({ containers, initContainers = [] }) => [...containers, ...initContainers]);
  return [...new Set(all.map(({ image }) => image))];
}
