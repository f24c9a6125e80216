import { listed, plural } from '../../model/wording.ts';
import type { FoundArrivals } from './arrivals.ts';
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
export function problemSentences({ failures, found, sizeOnly }: Problems): readonly string[] {
  return [
    ...(failures.length === 0 ? [] : [`could not be removed from the source: ${listed(failures, shown)}`]),
    ...arrivalSentences(found),
    ...(sizeOnly.length === 0 ? [] : [`${sizeOnlySentence} ${listed(sizeOnly, shown)}`]),
  ];
}

export interface Problems extends Pick<Removal, 'failures'> {
  readonly found: FoundArrivals;
  readonly sizeOnly: readonly string[];
}

function arrivalSentences({ arrivals: { absent, alike }, error }: FoundArrivals): readonly string[] {
  if (absent.length === 0) return [];
  const [are, their, stay] = absent.length === 1 ? ['is', 'its', 'stays'] : ['are', 'their', 'stay'];
  const lost = `${plural(absent.length, 'file')} ${are} not at the destination under ${their} name, and ${stay} at the source: ${listed(absent, shown)}`;
  if (error !== null) return [`${lost}; the destination could not be listed: ${error}`];
  const sizes =
    alike.length === 0
      ? ''
      : `; ${plural(alike.length, 'file')} of the same size may be overwritten and also ${alike.length === 1 ? 'stays' : 'stay'}: ${listed(alike, shown)}`;
  return [`${lost}${sizes}; the server may change such names, so rename or exclude the files`];
}

const sizeOnlySentence =
  'files whose size alone could be compared stay at the source; leave out rcloneFlags.checksum to send them:';
