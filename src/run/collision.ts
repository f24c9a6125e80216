import { posix } from 'node:path';
import type { CheckedFile } from '../model/check.ts';
import type { ResolvedTask } from '../model/desired.ts';
import { listEntries } from '../rclone/entries.ts';
import type { Collision } from '../rclone/tally.ts';
import type { FarSide } from './far-side.ts';
import { type LocalSide, within } from './local-side.ts';

/** Names each file of a collision; rclone tells one, and which of them it passes over depends on its version. */
export async function collidingFiles(
  collisions: readonly Collision[],
  { spec: { direction } }: Pick<ResolvedTask, 'spec'>,
  local: LocalSide,
  far: FarSide,
): Promise<readonly CheckedFile[]> {
  const files = new Map<string, CheckedFile>();
  for (const { side, path } of collisions) {
    const isLocal = (side === 'source') === (direction === 'PUSH');
    const folder = posix.dirname(path) === '.' ? '' : posix.dirname(path);
    const place = within(isLocal ? local.root : far.remote.path, folder);
    const listed = await listEntries(far.binary.path, far.environment, place);
    const own = posix.basename(path);
    const names = listed.ok ? listed.value.map(({ name }) => name).filter((name) => fold(name) === fold(own)) : [own];
    for (const name of names) {
      const others = names.filter((other) => other !== name).map(written);
      const detail = `one name for several files at the ${side}${others.length === 0 ? '' : `, with ${others.join(', ')}`}`;
      const file: CheckedFile = { found: 'passedOver', path: posix.join(folder, name), detail };
      files.set(file.path, file);
    }
  }
  return [...files.values()];
}

/** As rclone matches names where one side knows no case; elsewhere only the Unicode form is left out of account. */
export function fold(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** Two forms of one letter look the same on a screen. */
export function written(name: string): string {
  if (name === name.normalize('NFC') && name === name.normalize('NFD')) return name;
  return `${name} (${name === name.normalize('NFC') ? 'NFC' : 'NFD'})`;
}
