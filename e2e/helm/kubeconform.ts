import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../support/programs.ts';
import { FILE_NAME, schemasFor } from './schemas.ts';

interface Resource {
  filename: string;
  kind: string;
  name: string;
  status: string;
  msg: string;
}

/** What a version of Kubernetes would refuse, field by field, of manifests by the name of their case. */
export function refused(manifests: Map<string, string>, kubernetes: string): { problems: string[]; valid: number } {
  const folder = mkdtempSync(join(tmpdir(), 'clew-helm-'));
  try {
    const names = [...manifests.keys()];
    for (const [index, text] of [...manifests.values()].entries()) writeFileSync(join(folder, `${index}.yaml`), text);
    const schemas = `${schemasFor(kubernetes)}/${FILE_NAME}`;
    const args = ['-strict', '-output', 'json', '-verbose', '-schema-location', schemas, folder];
    const { stdout, error } = spawnSync(findProgram('kubeconform') ?? 'kubeconform', args, {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    if (error !== undefined) throw error;
    const { resources }: { resources: Resource[] } = JSON.parse(stdout);
    const bad = resources.filter(({ status }) => status !== 'statusValid' && status !== 'statusEmpty');
    const caseOf = ({ filename }: Resource) => names[Number(/(\d+)\.yaml$/.exec(filename)?.[1])];
    return {
      problems: bad.map((one) => `${caseOf(one)}: ${one.kind}/${one.name}: ${one.msg}`),
      valid: resources.filter(({ status }) => status === 'statusValid').length,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
