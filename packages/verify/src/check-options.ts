import type { VerifyCommand } from './cli/parse-verify.ts';
import type { VerifyOptions } from './verify-evidence.ts';

/** What of the command line goes to the checks as it is. */
export function checkOptions({ scope, only, skip, minimum, retentionUs, tailSampled }: VerifyCommand): VerifyOptions {
  const { namespace, services } = scope;
  return {
    skip,
    minimum,
    tailSampled,
    ...(only !== undefined && { only }),
    ...(namespace !== undefined && { namespace }),
    ...(services.length > 0 && { services }),
    ...(retentionUs !== undefined && { retentionUs }),
  };
}
