import { between, pick, type Random, some } from './random.ts';
import type { Side } from './side.ts';

const folders = ['', '', 'letters/', 'photos/2026/', 'cache/', 'a b/ü/', 'deep/er/and/deeper/'];
const endings = ['.txt', '.jpg', '.tmp', '', '.Txt'];

/** From 3 to 20 files, no two of which are equal. */
export function randomTree(random: Random): Readonly<Record<string, string>> {
  const names = Array.from({ length: between(random, 3, 20) }, () => randomPath(random));
  return Object.fromEntries(names.map((name) => [name, randomContent(random)]));
}

export function randomPath(random: Random): string {
  return `${pick(random, folders)}file-${between(random, 0, 9999)}${pick(random, endings)}`;
}

/** Mostly small, now and then large enough that a transfer takes a moment. */
export function randomContent(random: Random): string {
  const size = random() < 0.1 ? between(random, 200_000, 2_000_000) : between(random, 1, 3000);
  return `${random()}${random()}`.padEnd(size, `${random()} `);
}

/** What people do to their files between two runs: edit, add, remove and rename a few. */
export async function liveOn(side: Side, random: Random): Promise<void> {
  const paths = [...(await side.files()).keys()];
  const edited = some(random, paths, 0.15).map((path) => [path, randomContent(random)] as const);
  await side.write({ ...Object.fromEntries(edited), [randomPath(random)]: randomContent(random) });
  for (const path of some(random, paths, 0.08)) await side.remove(path);
  const renamed = pick(random, [...(await side.files()).keys()]);
  if (renamed !== undefined && random() < 0.3) await side.move(renamed, randomPath(random));
}
