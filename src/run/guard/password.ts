import { plural } from '../../model/wording.ts';
import { tryKey } from '../../rclone/key-trial.ts';
import { farName } from '../far-name.ts';
import { isPrintOf, printKey } from '../key-print.ts';
import { blocked, cannotTell, type Guard, type GuardInput, pass, type Verdict } from './verdict.ts';

/**
 * Tries the key on what is there. With another one, a PULL sees an empty source or garbage, and a PUSH writes everything
 * a second time beside what is there. Names tell by themselves whether most of them can be read; where they are not
 * encrypted, or are few, the start of a file is read. A fingerprint of the key that was last accepted decides where
 * nothing can be tried. docs/adr/0017 has the table.
 */
export const passwordGuard: Guard = async (input) => {
  const { encryption } = input.task.spec;
  if (encryption === null) return pass;
  const plain = await input.look(input.plainRemote);
  if (!plain.ok) return cannotTell(plain.error);
  if (!plain.value.exists || plain.value.empty) return accept(input);
  const { entries } = plain.value;
  const decrypted = await input.look(input.remote);
  if (!decrypted.ok) return cannotTell(decrypted.error);
  const unreadable = entries - decrypted.value.entries;
  if (unreadable * 2 > entries)
    return blocked(`${unreadable} of the ${entries} names at ${undecryptable(input, true)}`);
  return encryption.filenames && entries >= tellingNames ? accept(input) : checkContent(input);
};

/**
 * One name in 200 or so is taken for readable under any key, because only its padding tells. From this many names on,
 * half of them cannot be so by chance.
 */
const tellingNames = 5;

async function checkContent(input: GuardInput): Promise<Verdict> {
  const { rclone, remote, task } = input;
  const trial = await tryKey(rclone.binary, rclone.environment, remote, rclone.signal);
  switch (trial.kind) {
    case 'right':
      return accept(input);
    case 'failed':
      return cannotTell({ message: rclone.redact(trial.message), retryable: trial.retryable });
    case 'wrong': {
      const which = trial.tried.length === 1 ? 'file' : `${plural(trial.tried.length, 'file')} tried`;
      const sentence = `the ${which} (${trial.tried.join(', ')}) at ${undecryptable(input, trial.tried.length > 1)}`;
      // An upload that was killed leaves a file that no key decrypts, and the next PUSH writes it again.
      const isStump = task.spec.direction === 'PUSH' && (await sinceLastTime(input)) === 'same';
      return isStump
        ? { kind: 'pass', warnings: [`${sentence}; the key has not changed, so it is written again`] }
        : blocked(sentence);
    }
    case 'untried':
      return withoutTrial(input);
  }
}

async function withoutTrial(input: GuardInput): Promise<Verdict> {
  const far = farName(input.task.spec);
  switch (await sinceLastTime(input)) {
    case 'same':
      return pass;
    case 'changed':
      return blocked(
        `the encryption password or the salt has changed, and no file at ${far} can be read to try it; set back the ` +
          'one that they were written with, or write to another folder',
      );
    case 'unknown':
      return {
        kind: 'pass',
        warnings: [`the encryption key could not be tried: no file at ${far} can be read for it`],
      };
  }
}

/** What is known of the key that was last accepted at this place. */
async function sinceLastTime({ task, memory, key }: GuardInput): Promise<'same' | 'changed' | 'unknown'> {
  const last = memory.key;
  if (key === null || last === null || last.place !== farName(task.spec)) return 'unknown';
  return (await isPrintOf(last, key)) ? 'same' : 'changed';
}

async function accept(input: GuardInput): Promise<Verdict> {
  const { dryRun, key, pen, task } = input;
  if (dryRun || key === null || (await sinceLastTime(input)) === 'same') return pass;
  await pen.note({ key: await printKey(key, farName(task.spec)) });
  return pass;
}

function undecryptable({ task: { spec } }: GuardInput, several: boolean): string {
  const they = several ? 'they were' : 'it was';
  return (
    `${farName(spec)} cannot be decrypted: the encryption password or the salt is not the one ${they} written with, ` +
    `or ${they} never encrypted`
  );
}
