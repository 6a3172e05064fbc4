import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { cases } from './support/cases.ts';
import { HELM } from './support/charts.ts';
import { variants } from './support/helmfile.ts';
import { IMAGES, imagesOf, OURS, readImages, writeImages } from './support/images.ts';
import { readObjects } from './support/objects.ts';

// That no image is missing, and none too many: e2e/helm-backends.test.ts, which renders the charts.
const images = readImages();
const UPDATE = 'node clew.mjs e2e/helm/images-update.ts';

it('images.txt has each chart in the version that is installed', () => {
  const releases = variants.flatMap((variant) => variant.releases).filter(({ version }) => version !== undefined);
  const pinned = new Set(releases.map(({ chart, version }) => `${chart} ${version}`));
  assert.deepEqual([...images.keys()].toSorted(), [OURS, ...pinned].toSorted(), UPDATE);
});

it('images.txt has every image with a tag, and reads as it is written', () => {
  const all = [...images.values()].flat();
  assert.ok(all.length > 20);
  for (const image of all) assert.match(image, /^[\w.-]+(\/[\w.-]+)*:[\w.-]+(@sha256:[0-9a-f]{64})?$/);
  assert.deepEqual(
    all.filter((image) => image.endsWith(':latest')),
    [],
  );
  assert.equal(readFileSync(IMAGES, 'utf8'), writeImages(images), UPDATE);
});

it('images.txt has those of the examples', () => {
  const known = images.get(OURS) ?? [];
  const examples = cases.filter(
    ({ example, values = {} }) => example && !/"(imageRegistry|image)":/.test(JSON.stringify(values)),
  );
  assert.ok(examples.length > 3);
  for (const { name } of examples) {
    const own = imagesOf(readObjects(readFileSync(join(HELM, 'examples', `${name}.yaml`), 'utf8')));
    assert.deepEqual(
      own.filter((image) => !known.includes(image)),
      [],
      `${name}: ${UPDATE}`,
    );
  }
});
