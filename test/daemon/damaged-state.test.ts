import { expect, test } from 'vitest';
import { startDaemon } from '../../src/daemon/daemon.ts';
import { sessionOptions, tasksDirectory } from './tasks-directory.ts';

const told = ['active.ndjson', 'journal.ndjson', 'history/photos.json', 'verifications.json', 'checks.json'];
/** What can be made anew, or counts as not there, is not worth a word. */
const untold = ['approved-prune.json', 'manifest-cache', 'tokens/here/origin'];
const contents = ['nonsense\n', '\0\ufffd\n', '[]\n', '7\n'];

const damages = [...told, ...untold].flatMap((file) =>
  contents.map((content) => ({ file, content, isTold: told.includes(file) })),
);

test.each(damages)('a daemon whose $file holds $content starts, says so, and applies', async (damage) => {
  await using directory = await tasksDirectory();
  await directory.writeTask('photos', 'schedule: daily');
  await directory.write(`state/${damage.file}`, damage.content);
  const { options, told } = sessionOptions(directory);
  const daemon = await startDaemon(options);
  if (!daemon.ok) throw new Error(daemon.error.message);
  const corrupt = told.all('StateCorrupt').map(({ path, movedTo }) => ({ path, movedTo }));
  const path = directory.at('state', damage.file);
  expect(corrupt).toEqual(damage.isTold ? [{ path, movedTo: `${path}.corrupt` }] : []);
  expect(told.all('Reconciled').map(({ plan }) => plan.summary)).toMatchObject([{ create: 1, invalid: 0 }]);
  expect(told.all('Scheduled')).toMatchObject([{ task: 'photos' }]);
  await daemon.value.stop('the end of the test');
  expect(told.all('WriteFailed')).toEqual([]);

  const again = sessionOptions(directory);
  const second = await startDaemon(again.options);
  if (!second.ok) throw new Error(second.error.message);
  expect(again.told.all('StateCorrupt')).toEqual([]);
  expect(again.told.all('Reconciled')).toEqual([]);
  await second.value.stop('the end of the test');
});
