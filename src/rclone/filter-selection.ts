/** Rules that take these names at the root, and what is in them, and that come after the excludes. */
export function selectedRules(names: readonly string[]): readonly string[] {
  return names.flatMap((name) => [`+ /${escapeGlob(name)}`, `+ /${escapeGlob(name)}/**`]);
}

/** Rules that leave out everything at the root but these names; what follows them decides about the rest. */
export function unselectedRules(names: readonly string[]): readonly string[] {
  return otherNames(names).flatMap((expression) => [`- /{{${expression}}}`, `- /{{${expression}}}/**`]);
}

/**
 * The name itself and nothing else, as the whole of a rule or as a part of one. rclone trims each line: a blank at
 * either end stands in brackets.
 */
export function escapeGlob(name: string): string {
  return onOneLine(name.replaceAll(/[\\*?[\]{}]/g, '\\$&'));
}

/**
 * A pattern as rclone reads it in a line of its own. In its names a control character is its Unicode picture, so that a
 * line break starts no other rule. A blank at the end may be escaped already.
 */
export function onOneLine(pattern: string): string {
  return pattern
    .replaceAll(/\p{Cc}/gu, picture)
    .replace(/^[\s\u0085]/, '[$&]')
    .replace(/(\\*)([\s\u0085])$/, (_, slashes: string, blank: string) => {
      return `${slashes.length % 2 === 0 ? slashes : slashes.slice(1)}[${blank}]`;
    });
}

function picture(control: string): string {
  const code = control.charCodeAt(0);
  if (code === 0x7f) return '\u2421';
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : control;
}

/**
 * Regular expressions that together match every name but the given ones. RE2 cannot say "not", so they follow the names
 * letter by letter and match where a name leaves all of them. There is one for each stretch between two forks, because
 * rclone reads no line longer than 64 KiB.
 */
export function otherNames(names: readonly string[]): readonly string[] {
  return leaving(
    '',
    names.map((name) => Array.from(name)),
  );
}

/** Of the names that begin with `start`, those that are none of `start` followed by one of `rests`. */
function leaving(start: string, rests: readonly (readonly string[])[]): readonly string[] {
  const letters = [...new Set(rests.flatMap(([first]) => first ?? []))];
  const isName = start === '' || rests.some(({ length }) => length === 0);
  const here = `(?:${start}${otherLetter(letters)}[^/]*)`;
  return [
    here,
    ...(isName ? [] : [`(?:${start})`]),
    ...letters.flatMap((letter) => {
      const tails = rests.filter(([first]) => first === letter).map(([, ...tail]) => tail);
      const shared = sharedStart(tails);
      const further = leaving(
        start + [letter, ...shared].map(escapeLetter).join(''),
        tails.map((tail) => tail.slice(shared.length)),
      );
      return shared.length === 0 ? further : [`(?:${start}${escapeLetter(letter)}${within(shared)})`, ...further];
    }),
  ];
}

/** What ends before these letters do, or leaves them. */
function within(letters: readonly string[]): string {
  return letters.reduceRight((tail, letter, index) => {
    const isLast = index === letters.length - 1;
    return `(?:${otherLetter([letter])}[^/]*${isLast ? '' : `|${escapeLetter(letter)}${tail}`})?`;
  }, '');
}

/** As far as all of them go together. */
function sharedStart(tails: readonly (readonly string[])[]): readonly string[] {
  const [first = [], ...others] = tails;
  const length = first.findIndex((letter, index) => others.some((other) => other[index] !== letter));
  return length === -1 ? first : first.slice(0, length);
}

function otherLetter(letters: readonly string[]): string {
  return `[^/${letters.map((letter) => (/[[\]\\^-]/.test(letter) ? `\\${letter}` : letter)).join('')}]`;
}

function escapeLetter(letter: string): string {
  return /[\\^$.*+?()[\]{}|]/.test(letter) ? `\\${letter}` : letter;
}
