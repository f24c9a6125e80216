import { describe, expect, test } from 'vitest';
import type { Cloudsync } from '../helper/cloudsync.ts';
import { taskManifest } from '../helper/manifest.ts';
import { openWithTask } from '../helper/task.ts';

/** Runs a command on a terminal, at which somebody types this. */
function typing(text: string): readonly string[] {
  return ['sh', '-c', `printf '${text}' | script -qec "$*" /dev/null`, 'sh'];
}

/** With a task that was applied as a COPY, and is a SYNC now. */
async function openWithDanger(): Promise<Cloudsync> {
  const cloudsync = await openWithTask();
  await cloudsync.run('apply');
  await cloudsync.manifest('photos.yaml', taskManifest('photos', { transferMode: 'SYNC' }));
  return cloudsync;
}

describe.concurrent('a dangerous change', () => {
  test('is applied on a terminal once somebody says yes', async () => {
    await using cloudsync = await openWithDanger();
    const { stdout, exitCode } = await cloudsync.start(['apply'], typing('yes\\n')).finished;
    expect(stdout).toContain('danger: COPY → SYNC');
    expect(stdout).toContain('Apply this plan with 1 danger? Only "yes" applies it: ');
    expect(stdout).toContain('Applied: 0 created, 1 updated');
    expect(exitCode).toBe(0);
  });

  test.each(['no\\n', '\\n', '\\004'])('is not applied after %j', async (text) => {
    await using cloudsync = await openWithDanger();
    const { stdout, exitCode } = await cloudsync.start(['apply'], typing(text)).finished;
    expect(stdout).toContain('nothing was applied');
    expect([1, 130]).toContain(exitCode);
    expect((await cloudsync.run('plan')).stdout).toContain('1 to update');
  });

  test('is applied without a question with --yes, and where there is no terminal', async () => {
    await using cloudsync = await openWithDanger();
    const { stdout } = await cloudsync.start(['apply', '--yes'], typing('')).finished;
    expect(stdout).not.toContain('Apply this plan');
    expect(stdout).toContain('1 updated');
  });
});
