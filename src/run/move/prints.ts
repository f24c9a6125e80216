import { hash } from 'node:crypto';

/**
 * Remembers of each file what identifies its content, in 17 bytes a file: a source may hold millions. Two paths whose
 * digests collide are both taken for changed.
 */
export interface Prints {
  readonly size: number;
  add(path: string, print: string): void;
  /** Whether the path was added with this print and no other. */
  matches(path: string, print: string): boolean;
  has(path: string): boolean;
  /** False when the path was never added. */
  mark(path: string): boolean;
  isMarked(path: string): boolean;
}

/** 48 bits of a digest, which a double holds exactly. Zero is an empty place in the table. */
function digest(text: string): number {
  return hash('sha1', text, 'buffer').readUIntBE(0, 6) || 1;
}

export function createPrints(): Prints {
  let keys = new Float64Array(1024);
  let values = new Float64Array(1024);
  let marks = new Uint8Array(1024);
  let size = 0;

  function placeOf(key: number): number {
    let place = key % keys.length;
    while (keys[place] !== 0 && keys[place] !== key) place = (place + 1) % keys.length;
    return place;
  }

  function grow(): void {
    const [oldKeys, oldValues, oldMarks] = [keys, values, marks];
    keys = new Float64Array(oldKeys.length * 2);
    values = new Float64Array(keys.length);
    marks = new Uint8Array(keys.length);
    oldKeys.forEach((key, index) => {
      if (key === 0) return;
      const place = placeOf(key);
      keys[place] = key;
      values[place] = oldValues[index] ?? 0;
      marks[place] = oldMarks[index] ?? 0;
    });
  }

  return {
    get size() {
      return size;
    },
    add(path, print) {
      if (size * 3 > keys.length * 2) grow();
      const key = digest(path);
      const value = digest(print);
      const place = placeOf(key);
      // Not a number is equal to nothing.
      values[place] = keys[place] === 0 || values[place] === value ? value : Number.NaN;
      if (keys[place] === 0) size += 1;
      keys[place] = key;
    },
    matches: (path, print) => values[placeOf(digest(path))] === digest(print),
    has: (path) => keys[placeOf(digest(path))] !== 0,
    mark(path) {
      const place = placeOf(digest(path));
      if (keys[place] === 0) return false;
      marks[place] = 1;
      return true;
    },
    isMarked: (path) => marks[placeOf(digest(path))] === 1,
  };
}
