/** The candidate that was probably meant, if one is near enough. */
export function suggestion(written: string, candidates: Iterable<string>): string | null {
  // Nothing that is much longer than every key can be a slip of one, and the distance takes quadratic time.
  if (written.length > 64) return null;
  const word = normal(written);
  const near = [...candidates]
    .flatMap((candidate) => {
      const other = normal(candidate);
      const most = Math.max(1, Math.floor(candidate.length / 3));
      // Their lengths alone tell most apart.
      if (Math.abs(word.length - other.length) > most) return [];
      const distance = editDistance(word, other);
      return distance <= most ? [{ candidate, distance }] : [];
    })
    .sort((left, right) => left.distance - right.distance);
  return near[0]?.candidate ?? null;
}

/** Case and separators are the likeliest slips, so they cost nothing. */
function normal(word: string): string {
  return word.toLowerCase().replaceAll(/[-_ ]/g, '');
}

/** Levenshtein's distance, row by row. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [row, letter] of from.split('').entries()) {
    let left = row + 1;
    let diagonal = row;
    const rest = previous.slice(1).map((above, column) => {
      left = Math.min(diagonal + (letter === to[column] ? 0 : 1), above + 1, left + 1);
      diagonal = above;
      return left;
    });
    previous = [row + 1, ...rest];
  }
  return Math.max(...previous.slice(-1));
}
