import { describe, expect, test } from 'vitest';
import type { CredentialSpec } from '../../../src/model/credential.ts';
import { cloudOf } from '../../clouds/fake-kind.ts';
import { startWebdav } from '../../clouds/fakes/webdav.ts';
import { writeTree } from '../../helper/file-tree.ts';
import { temporaryDirectory } from '../../helper/temporary-directory.ts';
import { rclones } from '../../run/real-run.ts';
import { tryRun } from './place.ts';

type Rename = (name: string) => string;

/** A SYNC of a file whose name the server changes, four times; what is there after each run, and how the runs ended. */
async function syncFourTimes(binary: string, name: string, rename: Rename) {
  await using directory = await temporaryDirectory();
  await using fake = await startWebdav({ vendor: 'other', rename });
  const { credential, environment } = cloudOf(fake, 'webdav');
  await writeTree(directory.at('source'), { [name]: 'one', other: 'two', third: 'three' });
  const runs: { readonly held: boolean; readonly outcome: string; readonly lastError: string | null }[] = [];
  for (let run = 1; run <= 4; run += 1) {
    const setting = { directory, binary, credential: credential as CredentialSpec, environment };
    const { ending } = await tryRun({ transferMode: 'SYNC' }, setting);
    const held = [...fake.files().keys()].some((path) => path === rename(name));
    runs.push({ held, outcome: ending.outcome, lastError: ending.lastError });
  }
  return runs;
}

describe.each(rclones)('a SYNC with %s to a server that changes names', (binary) => {
  test.each<[string, string, Rename]>([
    ['drops a dot at the end', 'a.', (name) => name.replace(/[. ]+$/, '')],
    ['cuts long names', `${'long-'.repeat(10)}2`, (name) => name.slice(0, 50)],
    ['writes another character', 'a:b', (name) => name.replaceAll(':', '_')],
    ['writes small letters', 'ABC', (name) => name.toLowerCase()],
  ])('keeps the file and names it: one that %s', async (_kind, name, rename) => {
    const [first, ...later] = await syncFourTimes(binary, name, rename);
    expect(first?.held).toBe(true);
    for (const run of later) {
      expect(run).toMatchObject({ held: true, outcome: 'Failed' });
      expect(run.lastError).toContain(
        `does not keep these names, so nothing was deleted; give the files other names at the source: ${name}`,
      );
    }
  });

  test('a change of Unicode form only is none', async () => {
    const runs = await syncFourTimes(binary, 'cafe\u0301', (name) => name.normalize('NFC'));
    expect(runs.map(({ held, lastError }) => [held, lastError])).toEqual([1, 2, 3, 4].map(() => [true, null]));
  });
});
