import { type DocumentPath, pathText } from './finding.ts';

interface Retired {
  readonly message: string;
  readonly hint: string;
}

/** Values that earlier versions accepted, by `FIELD: VALUE`. People have them in manifests and find them in old advice. */
const retired: Readonly<Record<string, Retired>> = {
  'spec.safety.preflight: auto': {
    message: 'auto is no longer accepted, because a rehearsal that was left out counted no deletions',
    hint: 'write always, or leave the field out, which means always',
  },
};

/** Why a value is no longer accepted and what to write instead; `null` for one that never was. */
export function retiredValue(path: DocumentPath, value: unknown): Retired | null {
  return retired[`${pathText(path)}: ${String(value)}`] ?? null;
}
