export type { FaultChange, FaultLabel } from './channels.ts';
export { checkFaults, type FaultsOptions, faults } from './faults.ts';
export { peerIsDown } from './kinds/dependency.ts';
