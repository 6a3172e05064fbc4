export type { Fault } from './faults.ts';
export { type LocalBackend, type LocalBackendOptions, startLocalBackend } from './local-backend.ts';
export type { Target, TargetState } from './scrape/scraper.ts';
export type { FaultTargets } from './service-faults.ts';
