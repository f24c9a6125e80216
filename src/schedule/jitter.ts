/**
 * The delay that a name always gets, in whole seconds, from 0 up to but not including `jitterMs`. Many tasks are
 * written for the same minute; this keeps them from starting all at once, and shows the same times on every machine.
 */
export function jitterOf(name: string, jitterMs: number): number {
  const seconds = Math.ceil(jitterMs / 1000);
  return seconds < 2 ? 0 : (hash(name) % seconds) * 1000;
}

/** FNV-1a, then the finalizer of MurmurHash3: names that differ in one digit must not land side by side. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
