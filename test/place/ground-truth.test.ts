import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { build } from 'rolldown';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../helper/temporary-directory.ts';
import { known, scenario } from './scenario.ts';

const judge = fileURLToPath(new URL('ground-truth.ts', import.meta.url));

test('how two places relate is what files written through their names show, over links and mounts', async () => {
  await using directory = await temporaryDirectory();
  const file = directory.at('judge.mjs');
  await build({ input: judge, platform: 'node', logLevel: 'silent', output: { file, format: 'esm' } });
  const seed = Date.now() % 2 ** 31;
  const scenarios = [...known, ...fc.sample(scenario, { numRuns: 60, seed })];
  const judged = spawnSync('unshare', ['-rm', process.execPath, file], {
    input: JSON.stringify(scenarios),
    encoding: 'utf8',
    env: { ...process.env, TMPDIR: directory.path },
    maxBuffer: 64 * 1024 * 1024,
  });
  expect(judged.stderr).toBe('');
  const lines = judged.stdout.trim().split('\n');
  const { counted } = JSON.parse(lines.pop() ?? '') as { counted: Record<string, number> };
  expect({ seed, differing: lines.slice(0, 3) }).toEqual({ seed, differing: [] });
  // The known ones alone meet each kind.
  expect(Object.keys(counted).sort()).toEqual(['apart', 'contains', 'crosses', 'inside', 'same']);
});
