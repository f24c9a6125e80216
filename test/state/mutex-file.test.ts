import { readdir, utimes } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { withMutex } from '../../src/state/mutex-file.ts';
import { processIdentity } from '../../src/state/process-identity.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';

describe('a mutex', () => {
  test('lets in one at a time, and all in the end', async () => {
    await using directory = await temporaryDirectory();
    const story: string[] = [];
    const enter = (name: string) =>
      withMutex(directory.at('lock'), async () => {
        story.push(`${name} enters`);
        for (let turn = 0; turn < 20; turn += 1) await nextTurn();
        story.push(`${name} leaves`);
        return name;
      });

    const names = ['a', 'b', 'c', 'd', 'e'];
    expect(await Promise.all(names.map(enter))).toEqual(names);

    const order = story.filter((line) => line.endsWith('enters')).map((line) => line.slice(0, 1));
    expect([...order].sort()).toEqual(names);
    expect(story).toEqual(order.flatMap((name) => [`${name} enters`, `${name} leaves`]));
    expect(await readdir(directory.path)).toEqual([]);
  });

  test('is free again after an action that throws', async () => {
    await using directory = await temporaryDirectory();
    const failing = withMutex(directory.at('lock'), () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await withMutex(directory.at('lock'), () => Promise.resolve('free'))).toBe('free');
  });

  test('of a holder that lives is not taken away, however old its file is', async () => {
    await using directory = await temporaryDirectory();
    const story: string[] = [];
    const first = withMutex(directory.at('lock'), async () => {
      await utimes(directory.at('lock'), new Date(0), new Date(0));
      const second = withMutex(directory.at('lock'), async () => story.push('second'));
      for (let turn = 0; turn < 200; turn += 1) await nextTurn();
      story.push('first');
      return { second };
    });
    await (await first).second;
    expect(story).toEqual(['first', 'second']);
  });

  test('of a holder that has died is taken over only once its file is old', async () => {
    await using directory = await temporaryDirectory();
    const file = await directory.write('lock', JSON.stringify({ ...processIdentity, startTime: '1' }));
    let isOld = false;
    const entering = withMutex(file, () => Promise.resolve(isOld));
    // In the time that ten take to get in where the holder's file is old.
    for (let turn = 0; turn < 10; turn += 1) {
      const other = await directory.write('other', '');
      await utimes(other, new Date(0), new Date(0));
      await withMutex(other, () => Promise.resolve());
    }
    isOld = true;
    await utimes(file, new Date(0), new Date(0));
    expect(await entering).toBe(true);
  });

  test('that cannot be made is an error', async () => {
    await using directory = await temporaryDirectory();
    const entering = withMutex(directory.at('missing', 'lock'), () => Promise.resolve());
    await expect(entering).rejects.toThrow('ENOENT');
  });
});
