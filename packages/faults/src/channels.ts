import { channel } from 'node:diagnostics_channel';

/** Published when a rule of the environment or of the admin API begins and ends, so that telemetry can show it. */
export interface FaultChange {
  name: string;
  kind: string;
  source: string;
  active: boolean;
}

/** Published for each label value that a fault of the kind `labels` makes up, at most 1,000 different ones. */
export interface FaultLabel {
  value: string;
}

/** Carries `FaultChange`. */
export const faultChannel = channel('clew.fault');

/** Carries `FaultLabel`. */
export const labelChannel = channel('clew.fault.label');
