import { structuredPatch } from 'diff';

/** The search for the shortest difference is quadratic; two scripts that share nothing are better shown as replaced. */
const maxEditLength = 500;
/** A net below the other limit, which is what ends a search, so that the same input gives the same text. */
const timeoutMs = 1000;

/** The lines that differ, prefixed with `-` and `+`, amid two lines of context. */
export function lineDiff(before: string, after: string): readonly string[] {
  const options = { context: 2, maxEditLength, timeout: timeoutMs };
  const patch = structuredPatch('', '', before, after, undefined, undefined, options);
  if (patch === undefined) return [`- (${lineCount(before)} lines)`, `+ (${lineCount(after)} lines)`];
  return patch.hunks.flatMap((hunk, index) => [
    ...(index === 0 ? [] : ['…']),
    ...hunk.lines.filter((line) => !line.startsWith('\\')),
  ]);
}

function lineCount(text: string): number {
  return text.replace(/\n$/, '').split('\n').length;
}
