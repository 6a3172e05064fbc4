import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { releases as alloys } from '../../test/helm/support/alloy/releases.ts';
import { cases } from '../../test/helm/support/cases.ts';
import { variants } from '../../test/helm/support/helmfile.ts';
import { type ImageList, imagesOf, OURS, readImages } from '../../test/helm/support/images.ts';
import { renderAlloy } from './alloy-chart.ts';
import { renderAll } from './backends.ts';
import { objectsOf } from './releases.ts';
import { objectsIn } from './render.ts';
import { NEWEST } from './schema-sources.ts';

const services = readdirSync(join(import.meta.dirname, '../../services'));

/**
 * Every image that a release can name, by the chart that names it. What is kept stays for charts that are not here.
 *
 * @throws when there is neither the chart, nor a list of its images in this version
 */
export async function currentImages(kept = readImages()): Promise<ImageList> {
  const found = new Map<string, Set<string>>();
  const add = (chart: string, images: string[]) => {
    found.set(chart, new Set([...(found.get(chart) ?? []), ...images]));
  };
  for (const one of cases.filter(namesNoImage)) add(OURS, imagesOf(await objectsOf(one)));
  const releases = variants.flatMap((variant) => variant.releases);
  for (const release of releases) {
    const [rendered] = await renderAll([release], NEWEST);
    const pinned = release.version === undefined ? OURS : `${release.chart} ${release.version}`;
    const images = rendered === undefined ? kept.get(pinned) : imagesOf(rendered.objects);
    if (images === undefined) {
      throw new Error(`${pinned}: no such chart here. \`node clew.mjs e2e/helm/backends-fetch.ts\` fetches it`);
    }
    add(pinned, images);
  }
  const alloy = releases.find(({ chart }) => chart === 'grafana/alloy');
  assert.ok(alloy);
  const pinned = `${alloy.chart} ${alloy.version}`;
  for (const one of alloys) add(pinned, imagesOf(await objectsIn(renderAlloy(one, NEWEST))));
  return new Map([...found].map(([chart, images]) => [chart, [...images].toSorted()]));
}

/** Whether the images are those that the chart has by itself, of services that there are. */
function namesNoImage({ values = {} }: { values?: { name?: string } }): boolean {
  const { name = 'full-otel' } = values;
  return services.includes(name) && !/"(imageRegistry|image|starterImage)":/.test(JSON.stringify(values));
}
