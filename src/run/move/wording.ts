import { listed, plural } from '../../model/wording.ts';
import type { Collision } from './collisions.ts';
import type { Kept, Removal } from './move-source.ts';

/** How many names a sentence shows. */
const shown = 5;

/** Why nothing is moved where some names cannot be reached. */
export function unreachableSentence(names: readonly string[], far: string): string {
  return (
    `${plural(names.length, 'name')} at the source ${far} cannot be moved, because rclone cannot reach ` +
    `${names.length === 1 ? 'it' : 'them'}: ${listed(names, shown)}; rename ${names.length === 1 ? 'it' : 'them'}, or use COPY, which leaves such names out`
  );
}

/** Why nothing is moved where names collide. */
export function collisionSentence({ names, kind }: Collision, others: number, far: string): string {
  const what = {
    duplicate: `the source ${far} holds the name ${names[0]} ${names.length} times`,
    unicode: `the source holds names that differ only in how Unicode writes them: ${names.map(codePoints).join(' and ')}`,
    case: `the source holds names that differ only in case, and the destination takes them for one: ${names.join(' and ')}`,
  }[kind];
  const more = others === 0 ? '' : ` (and ${plural(others, 'more such group')})`;
  return `${what}${more}; MOVE would lose a file, so rename one of them or exclude it`;
}

/** The two look the same. */
function codePoints(name: string): string {
  const odd = name.replace(/[^\x20-\x7e]/gu, (letter) => `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`);
  return odd === name ? name : `${name} (${odd})`;
}

/** What stays at the source although it was sent; each sentence is a warning. */
export function keptSentences(kept: readonly Kept[]): readonly string[] {
  const of = (why: Kept['why']) => kept.filter((each) => each.why === why).map(({ name }) => name);
  const groups = [
    [of('changed'), 'changed during the run'],
    [of('appeared'), 'appeared during the run, or cannot be told apart by name'],
    [of('fresh'), 'changed in the last seconds before the run'],
  ] as const;
  return groups.flatMap(([names, why]) =>
    names.length === 0
      ? []
      : [
          `${plural(names.length, 'file')} at the source ${why}, and stay${names.length === 1 ? 's' : ''} there until the next run: ${listed(names, shown)}`,
        ],
  );
}

/** What keeps the run from being a success. */
export function problemSentences({ failures, held, sizeOnly }: Problems): readonly string[] {
  return [
    ...(failures.length === 0 ? [] : [`could not be removed from the source: ${listed(failures, shown)}`]),
    ...(held.length === 0
      ? []
      : [
          `names that differ only in case are one file at the destination, and stay at the source: ${listed(held, shown)}`,
        ]),
    ...(sizeOnly.length === 0 ? [] : [`${sizeOnlySentence} ${listed(sizeOnly, shown)}`]),
  ];
}

export interface Problems extends Pick<Removal, 'failures'> {
  readonly held: readonly string[];
  readonly sizeOnly: readonly string[];
}

const sizeOnlySentence =
  'files whose size alone could be compared stay at the source; leave out rcloneFlags.checksum to send them:';
