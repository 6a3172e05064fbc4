// Writes deploy/helm/images.txt. `node clew.mjs e2e/helm/images-update.ts`
import { writeFileSync } from 'node:fs';
import { IMAGES, writeImages } from '../../test/helm/support/images.ts';
import { currentImages } from './images.ts';

writeFileSync(IMAGES, writeImages(await currentImages()));
