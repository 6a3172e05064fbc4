export { formatReport } from '@clew/evidence';
export { readK6Summary } from './cli/k6-summary.ts';
export { formatJson } from './output/json.ts';
export { formatJunit } from './output/junit.ts';
export { formatVerdict } from './output/table.ts';
export { exitCodes, type Report, type Verdict } from './report.ts';
export { checkNames, type VerifyOptions, verifyEvidence } from './verify-evidence.ts';
