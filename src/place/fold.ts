/** Equal for names that a folder may take for one: they differ in case or in how Unicode composes their letters. */
export function fold(name: string): string {
  // Upper case first: ß and SS, and both forms of the Greek sigma, come to the same.
  return name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}

/** Other spellings of a name that only a folder which folds names knows as the same one. */
export function otherSpellings(name: string): readonly string[] {
  const lower = name.toLowerCase();
  const swapped = lower === name ? name.toUpperCase() : lower;
  const composed = name.normalize('NFC');
  const recomposed = composed === name ? name.normalize('NFD') : composed;
  return [...new Set([swapped, recomposed])].filter((spelling) => spelling !== name);
}
