import { farName } from '../far-name.ts';
import { blocked, cannotTell, type Guard, pass } from './verdict.ts';

/**
 * With another password, names at the remote are unreadable and left out. A pull then sees an empty source, and a push
 * writes everything again beside what is there. One name in 200 or so is taken for readable all the same, because only
 * its padding tells, and gives a garbled one.
 */
export const passwordGuard: Guard = async ({ task: { spec }, remote, plainRemote, look }) => {
  if (spec.encryption === null || !spec.encryption.filenames) return pass;
  const plain = await look(plainRemote);
  if (!plain.ok) return cannotTell(plain.error);
  if (!plain.value.exists || plain.value.empty) return pass;
  const decrypted = await look(remote);
  // Earlier versions of rclone leave out a name that they cannot decrypt, later ones make an error of it.
  if (!decrypted.ok && !/decrypt/i.test(decrypted.error.message)) return cannotTell(decrypted.error);
  if (decrypted.ok && decrypted.value.entries * 2 >= plain.value.entries) return pass;
  const unreadable = decrypted.ok
    ? plain.value.entries - decrypted.value.entries
    : undecryptableIn(decrypted.error.message);
  return blocked(
    `${unreadable ?? 'some'} of the ${plain.value.entries} names at ${farName(spec)} cannot be decrypted: ` +
      'the encryption password or the salt is not the one they were written with, or they were never encrypted',
  );
};

/** `there were 3 undecryptable name errors`, as rclone counts them from 1.66 on. */
function undecryptableIn(error: string): string | null {
  return /\b(\d+) undecryptable/.exec(error)?.[1] ?? null;
}
