import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import type { CloudKind } from '../../clouds/cloud.ts';
import { rcloneVersion } from '../../clouds/versions.ts';

export interface EvidenceBook {
  /** Called once a test has seen it; a test that fails before leaves no evidence. */
  saw(kind: Pick<CloudKind, 'provider' | 'server'>, what: string, result?: string): void;
}

/** Keeps what the tests of one file saw, for `script/provider-evidence.mjs`; files may run at the same time. */
export function evidenceBook(name: string): EvidenceBook {
  const seen: object[] = [];
  afterAll(() => {
    const directory = fileURLToPath(new URL(`../../../build/evidence/${rcloneVersion}/`, import.meta.url));
    mkdirSync(directory, { recursive: true });
    writeFileSync(`${directory}${name}.json`, `${JSON.stringify(seen, null, 2)}\n`);
  });
  return {
    saw({ provider, server }, what, result = 'works') {
      seen.push({ provider, server, rclone: rcloneVersion, what, result });
    },
  };
}
