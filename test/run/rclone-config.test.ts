import { describe, expect, test } from 'vitest';
import { existingConfig } from '../../src/run/rclone-config.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';

describe('existingConfig', () => {
  test('is looked for where rclone looks, in its order', async () => {
    await using directory = await temporaryDirectory();
    const environment = { HOME: directory.at('home'), XDG_CONFIG_HOME: directory.at('xdg') };
    expect(existingConfig(environment)).toMatchObject({ ok: false });
    for (const path of ['home/.rclone.conf', 'home/.config/rclone/rclone.conf', 'xdg/rclone/rclone.conf']) {
      const written = await directory.write(path, '');
      expect(existingConfig(environment)).toEqual({ ok: true, value: written });
    }
    expect(existingConfig({ HOME: directory.at('home'), RCLONE_CONFIG: '' })).toMatchObject({
      ...{ ok: true, value: directory.at('home/.config/rclone/rclone.conf') },
    });
  });

  test('one that is named is the only one', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('.rclone.conf', '');
    const named = directory.at('named.conf');
    const environment = { HOME: directory.path, RCLONE_CONFIG: named };
    expect(existingConfig(environment)).toEqual({
      ...{ ok: false, error: `RCLONE_CONFIG names ${named}, which does not exist` },
    });
    await directory.write('named.conf', '');
    expect(existingConfig(environment)).toEqual({ ok: true, value: named });
  });

  test('where there is none, it says how to name one', () => {
    expect(existingConfig({})).toEqual({
      ok: false,
      error: 'the task names a section of rclone.conf, and there is no such file; name it by RCLONE_CONFIG',
    });
  });
});
