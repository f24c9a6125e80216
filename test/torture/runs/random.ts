export type Random = () => number;

export function pick<T>(random: Random, values: readonly T[]): T {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined && values.length === 0) throw new Error('There is nothing to pick from');
  return value as T;
}

/** From `least` to `most`, both included. */
export function between(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}

/** About so large a part of them. */
export function some<T>(random: Random, values: readonly T[], part: number): readonly T[] {
  return values.filter(() => random() < part);
}
