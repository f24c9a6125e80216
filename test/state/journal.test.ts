import { appendFile, readFile, stat, symlink, truncate, unlink, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { type Journal, openJournal } from '../../src/state/journal.ts';
import type { StartedRun } from '../../src/state/journal-entry.ts';
import type { CorruptFile } from '../../src/state/json-file.ts';
import { identifyProcess } from '../../src/state/process-identity.ts';
import { temporaryState } from './open-state.ts';

function startedRun(runId: string): StartedRun {
  return {
    ...{ runId, task: 'photos', trigger: 'schedule', scheduledFor: 1, token: null, startedAt: 2 },
    ...{ bootId: 'boot', specHash: 'sha256:0' },
  };
}

/** As a crash leaves it: nothing is closed in order, but the descriptor goes. */
async function crash(journal: Journal): Promise<void> {
  await journal.close();
}

describe('the journal', () => {
  test('knows after a crash what had begun and not ended', async () => {
    await using directory = await temporaryState();
    const journal = await openJournal(directory.state);
    expect(journal.unfinished).toEqual([]);
    await Promise.all([journal.starting(startedRun('a')), journal.starting(startedRun('b'))]);
    expect(await journal.starting(startedRun('c'))).toEqual({ ok: true, value: undefined });
    await journal.spawned('b', process.pid);
    await journal.finished('a');
    await crash(journal);

    for (const _reopening of ['first', 'second']) {
      const next = await openJournal(directory.state);
      expect(next.unfinished).toEqual([
        { ...startedRun('b'), process: identifyProcess(process.pid) },
        { ...startedRun('c'), process: null },
      ]);
      await crash(next);
    }
  });

  test('is on the disk when `starting` resolves', async () => {
    await using directory = await temporaryState();
    const journal = await openJournal(directory.state);
    await journal.starting(startedRun('a'));
    expect(JSON.parse(await readFile(directory.state.journal, 'utf8'))).toEqual({
      type: 'starting',
      ...startedRun('a'),
    });
    expect((await stat(directory.state.journal)).mode & 0o777).toBe(0o600);
    await journal.close();
  });

  test('opening it drops what is settled', async () => {
    await using directory = await temporaryState();
    const journal = await openJournal(directory.state);
    await journal.starting(startedRun('a'));
    await journal.finished('a');
    await journal.close();
    await openJournal(directory.state);
    expect(await readFile(directory.state.journal, 'utf8')).toBe('');
  });

  test('survives a last line that the crash tore', async () => {
    await using directory = await temporaryState();
    const journal = await openJournal(directory.state);
    await journal.starting(startedRun('a'));
    await journal.starting(startedRun('b'));
    await crash(journal);
    await truncate(directory.state.journal, (await stat(directory.state.journal)).size - 10);
    const reported: CorruptFile[] = [];
    const next = await openJournal(directory.state, (corrupt) => reported.push(corrupt));
    expect(next.unfinished.map((run) => run.runId)).toEqual(['a']);
    expect(reported).toEqual([]);
    await next.starting(startedRun('c'));
    await crash(next);
    expect((await openJournal(directory.state)).unfinished.map((run) => run.runId)).toEqual(['a', 'c']);
  });

  test.each(['not json', '[]', '{"type":"finished"}', '{"type":"what","runId":"a"}', '{"type":"spawned","runId":"a"}'])(
    'sets a journal with the line %s aside, and keeps what can be read',
    async (line) => {
      await using directory = await temporaryState();
      const journal = await openJournal(directory.state);
      await journal.starting(startedRun('a'));
      await crash(journal);
      await appendFile(directory.state.journal, `${line}\n`);
      const reported: CorruptFile[] = [];
      const next = await openJournal(directory.state, (corrupt) => reported.push(corrupt));
      expect(next.unfinished.map((run) => run.runId)).toEqual(['a']);
      expect(reported).toEqual([
        {
          path: directory.state.journal,
          movedTo: `${directory.state.journal}.corrupt`,
          detail: 'line 2 is not an entry of the journal',
        },
      ]);
      await crash(next);
      expect((await openJournal(directory.state)).unfinished.map((run) => run.runId)).toEqual(['a']);
    },
  );

  test('a process that was noted for no run is ignored', async () => {
    await using directory = await temporaryState();
    await writeFile(directory.state.journal, '{"type":"spawned","runId":"a","process":{"pid":1}}\n');
    expect((await openJournal(directory.state)).unfinished).toEqual([]);
  });

  test('a full disk is a value', async () => {
    await using directory = await temporaryState();
    const journal = await openJournal(directory.state);
    await symlink('/dev/full', directory.state.journal);
    expect(await journal.starting(startedRun('a'))).toEqual({ ok: false, error: 'ENOSPC: no space left on device' });
    expect(await journal.finished('a')).toEqual({ ok: false, error: 'ENOSPC: no space left on device' });
    await journal.close();
  });

  test('is emptied when it is large and no run is open', async () => {
    await using directory = await temporaryState();
    const journal = await openJournal(directory.state);
    await journal.starting(startedRun('open'));
    await journal.starting({ ...startedRun('large'), task: 'x'.repeat(1024 * 1024) });
    await journal.finished('large');
    await journal.starting(startedRun('still open'));
    expect((await stat(directory.state.journal)).size).toBeGreaterThan(1024 * 1024);
    await journal.finished('open');
    await journal.finished('still open');
    await journal.starting(startedRun('next'));
    await crash(journal);
    expect((await stat(directory.state.journal)).size).toBeLessThan(1000);
    expect((await openJournal(directory.state)).unfinished.map((run) => run.runId)).toEqual(['next']);
  });
});

test('a journal whose file was lost is written again with the runs that are open', async () => {
  await using directory = await temporaryState();
  const journal = await openJournal(directory.state);
  for (const id of ['a', 'b', 'c']) await journal.starting(startedRun(id));
  await journal.spawned('b', process.pid);
  await journal.finished('a');
  await unlink(directory.state.journal);
  expect(await journal.rewrite()).toEqual({ ok: true, value: undefined });
  await journal.finished('c');
  await journal.close();
  expect((await openJournal(directory.state)).unfinished).toEqual([
    { ...startedRun('b'), process: identifyProcess(process.pid) },
  ]);
});
