import { checkFaults } from '@clew/faults';
import { readConfig } from '@clew/service';

/** The settings of this service: their defaults, and what the environment says. */
export const config = readConfig({}, { FAULTS: checkFaults });
