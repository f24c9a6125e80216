import { readdirSync, renameSync, writeFileSync } from 'node:fs';
import { stat, symlink, utimes } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { CredentialSpec } from '../../../src/model/credential.ts';
import type { Event } from '../../../src/model/event.ts';
import { cloudOf } from '../../clouds/fake-kind.ts';
import { startDropbox } from '../../clouds/fakes/dropbox.ts';
import { startWebdav } from '../../clouds/fakes/webdav.ts';
import { readTree, writeTree } from '../../helper/file-tree.ts';
import { temporaryDirectory } from '../../helper/temporary-directory.ts';
import type { Heard } from '../../run/local-task.ts';
import { rclones } from '../../run/real-run.ts';
import { changesOf, tryRun } from './place.ts';

const move = { transferMode: 'MOVE' } as const;

/** Acts on a file as soon as rclone has said that it was copied. */
function onceCopied(acts: Readonly<Record<string, () => void>>): (event: Event) => void {
  return (event) => {
    if (event.type === 'RunChange' && event.change.action === 'copy') acts[event.change.path]?.();
  };
}

async function makeOld(path: string): Promise<void> {
  await utimes(path, new Date('2024-01-01'), new Date('2024-01-01'));
}

describe.each(rclones)('MOVE by %s', (binary) => {
  test.each(['PUSH', 'PULL'] as const)(
    'as %s removes what it has sent, and what is there already',
    async (direction) => {
      await using directory = await temporaryDirectory();
      const [from, to] = direction === 'PUSH' ? ['source', 'far'] : ['far', 'source'];
      await writeTree(directory.at(from), { 'deep/new.txt': 'new', 'same.txt': 'same', '#odd; name\n': 'odd' });
      await writeTree(directory.at(to), { 'same.txt': 'same' });
      await makeOld(directory.at(from, 'same.txt'));
      await makeOld(directory.at(to, 'same.txt'));
      const run = await tryRun({ ...move, direction }, { directory, binary });
      expect(run.ending).toMatchObject({ outcome: 'Succeeded', warnings: [], stats: { transfers: 2, deletes: 3 } });
      expect(await readTree(directory.at(from))).toEqual({});
      expect((await stat(directory.at(from, 'deep'))).isDirectory()).toBe(true);
      expect(await readTree(directory.at(to))).toEqual({
        'deep/new.txt': 'new',
        'same.txt': 'same',
        '#odd; name\n': 'odd',
      });
      expect(changesOf(run)).toEqual(
        expect.arrayContaining(['copy deep/new.txt', 'delete deep/new.txt', 'delete same.txt']),
      );
    },
  );

  test.each(['PUSH', 'PULL'] as const)(
    'as %s leaves alone what changes or appears while it runs',
    async (direction) => {
      await using directory = await temporaryDirectory();
      const [from, to] = direction === 'PUSH' ? ['source', 'far'] : ['far', 'source'];
      await writeTree(directory.at(from), { 'a.txt': 'old 1', 'b.txt': 'old 2', 'c.txt': 'old 3', 'd.txt': 'old 4' });
      const react = onceCopied({
        'a.txt'() {
          writeFileSync(directory.at(from, 'a.txt'), 'new 1');
          writeFileSync(directory.at(from, 'later.txt'), 'later');
        },
        'b.txt'() {
          writeFileSync(directory.at(from, '.b'), 'new 2');
          renameSync(directory.at(from, '.b'), directory.at(from, 'b.txt'));
        },
      });
      const { ending } = await tryRun({ ...move, direction }, { directory, binary, react });
      expect(ending).toMatchObject({ outcome: 'SucceededWithWarnings', stats: { deletes: 2 } });
      expect(ending.warnings.join()).toMatch(
        /2 files at the source changed during the run, and stay there .*: a\.txt, b\.txt/,
      );
      expect(await readTree(directory.at(from))).toEqual({ 'a.txt': 'new 1', 'b.txt': 'new 2', 'later.txt': 'later' });

      const again = await tryRun({ ...move, direction }, { directory, binary });
      expect(again.ending).toMatchObject({ outcome: 'Succeeded' });
      expect(await readTree(directory.at(from))).toEqual({});
      expect(await readTree(directory.at(to))).toMatchObject({
        'a.txt': 'new 1',
        'b.txt': 'new 2',
        'later.txt': 'later',
      });
    },
  );

  test.each(['PUSH', 'PULL'] as const)('as %s that is aborted while it removes is no success', async (direction) => {
    await using directory = await temporaryDirectory();
    const from = direction === 'PUSH' ? 'source' : 'far';
    await writeTree(
      directory.at(from),
      Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`${index}`, ''])),
    );
    const react = (event: Event, { controller }: Heard) => {
      if (event.type === 'RunChange' && event.change.action === 'delete') controller.abort('Aborted');
    };
    const { ending } = await tryRun({ ...move, direction }, { directory, binary, react });
    expect(ending).toMatchObject({ outcome: 'Aborted', lastError: 'the run was aborted' });
    const left = Object.keys(await readTree(directory.at(from))).length;
    // rclone may have deleted more than it came to say.
    expect(left).toBeLessThanOrEqual(250 - ending.stats.deletes);
    expect(left).toBeGreaterThan(0);
  });

  test('sends everything where only sizes could be compared', async () => {
    await using directory = await temporaryDirectory();
    await using fake = await startWebdav({ vendor: 'other' });
    const { credential, environment } = cloudOf(fake, 'webdav');
    const trial = { directory, binary, credential: credential as CredentialSpec, environment };
    await directory.write('source/a.txt', 'first bytes');
    expect((await tryRun(move, trial)).ending).toMatchObject({ outcome: 'Succeeded' });
    await directory.write('source/a.txt', 'other bytes');
    expect((await tryRun(move, trial)).ending).toMatchObject({
      outcome: 'Succeeded',
      stats: { transfers: 1, deletes: 1 },
    });
    expect([...fake.files().values()].map(String)).toEqual(['other bytes']);
    expect(readdirSync(directory.at('source'))).toEqual([]);
  });

  test('of a source that cannot be read in one place removes the rest, and has failed', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'a.txt': 'a', 'deep/b.txt': 'b' });
    await symlink('nowhere', directory.at('source/dangling'));
    const { ending } = await tryRun({ ...move, followSymlinks: true }, { directory, binary });
    expect(ending).toMatchObject({
      outcome: 'Failed',
      lastError: expect.stringContaining('dangling'),
      stats: { deletes: 2 },
    });
    expect(await readTree(directory.at('source'))).toEqual({});
    expect(await readTree(directory.at('far'))).toEqual({ 'a.txt': 'a', 'deep/b.txt': 'b' });
    expect(readdirSync(directory.at('source')).sort()).toEqual(['dangling', 'deep']);
  });

  test('is refused where uploads are committed after rclone has called them done', async () => {
    await using directory = await temporaryDirectory();
    await using fake = await startDropbox();
    const { credential, environment } = cloudOf(fake, 'dropbox');
    const options = { ...(credential as CredentialSpec).options, batch_mode: 'async' };
    await directory.write('source/a.txt', 'a');
    const trial = { directory, binary, credential: { provider: 'dropbox', options }, environment };
    const { ending } = await tryRun(move, trial);
    expect(ending).toMatchObject({ outcome: 'Blocked', lastError: expect.stringContaining('batch_mode') });
    expect(await readTree(directory.at('source'))).toEqual({ 'a.txt': 'a' });
  });

  test('keeps what could not be sent, and removes the rest', async () => {
    await using directory = await temporaryDirectory();
    await writeTree(directory.at('source'), { 'in-the-way': 'file', 'good.txt': 'good' });
    await directory.write('far/in-the-way/file.txt', 'a folder is here');
    const { ending } = await tryRun(move, { directory, binary });
    expect(ending).toMatchObject({ outcome: 'Failed', lastError: expect.stringContaining('in-the-way') });
    expect(await readTree(directory.at('source'))).toEqual({ 'in-the-way': 'file' });
    expect(await readTree(directory.at('far'))).toMatchObject({ 'good.txt': 'good' });
  });
});
