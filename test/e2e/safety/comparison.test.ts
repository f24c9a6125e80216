import { describe, expect, test } from 'vitest';
import type { CredentialSpec } from '../../../src/model/credential.ts';
import { cloudOf } from '../../clouds/fake-kind.ts';
import { startWebdav } from '../../clouds/fakes/webdav.ts';
import { temporaryDirectory } from '../../helper/temporary-directory.ts';
import { rclones } from '../../run/real-run.ts';
import { tryRun } from './place.ts';

describe.each(rclones)('refresh-times by %s', (binary) => {
  test.each(['COPY', 'SYNC'] as const)('is refused in a %s where there are no checksums', async (transferMode) => {
    await using directory = await temporaryDirectory();
    await using fake = await startWebdav({ vendor: 'other' });
    const { credential, environment } = cloudOf(fake, 'webdav');
    await directory.write('source/a.txt', 'a');
    const trial = { directory, binary, credential: credential as CredentialSpec, environment };
    const { ending } = await tryRun({ transferMode, rcloneFlags: { 'refresh-times': true } }, trial);
    expect(ending).toMatchObject({
      outcome: 'Blocked',
      lastError: expect.stringMatching(/^rcloneFlags\.refresh-times needs checksums, and here:.* has none/),
    });
    expect(fake.files().size).toBe(0);
  });

  test('goes on where there are', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('source/a.txt', 'a');
    const { ending } = await tryRun({ rcloneFlags: { 'refresh-times': true } }, { directory, binary });
    expect(ending.outcome).toBe('Succeeded');
  });
});
