import { mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { err, ok, type Result } from '../model/result.ts';
import { rcloneEnvironment } from './environment.ts';
import { addEvidence, emptyEvidence } from './evidence.ts';
import { type CompiledFilters, markedRules, parseFilterDump } from './filter-dump.ts';
import type { FilterRule } from './filter-rule.ts';
import { classify } from './outcome.ts';
import { startRclone } from './process.ts';

/** Has rclone itself read the rules, and says what it made of them. Fails with a sentence. */
export async function compileFilters(
  binary: string,
  rules: readonly FilterRule[],
  parent: NodeJS.ProcessEnv,
): Promise<Result<CompiledFilters, string>> {
  if (rules.length === 0) return ok({ files: [], directories: [] });
  const empty = await mkdtemp(join(tmpdir(), 'cloudsync-filters-'));
  try {
    let evidence = emptyEvidence;
    const child = await startRclone({
      binary,
      arguments: ['lsf', '--use-json-log', '--filter-from', '-', '--dump', 'filters', '--', empty],
      environment: rcloneEnvironment({ remotes: [], parent, timeZone: null }),
      input: markedRules(rules),
      onLine: (line) => {
        evidence = addEvidence(evidence, line);
      },
    });
    const exit = await child.finished;
    const { lastError } = classify(exit, evidence);
    if (lastError !== null) return err(lastError);
    const compiled = parseFilterDump(exit.stdout, rules);
    return compiled === null ? err(`${binary} did not say how it reads the filters`) : ok(compiled);
  } finally {
    await rmdir(empty);
  }
}
