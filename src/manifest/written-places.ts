import type { PlaceName, SourcePlace } from '../model/desired.ts';

/** Their order is their number in the text. */
export const placeNames: readonly PlaceName[] = [
  'metadata.name',
  'spec.direction',
  'spec.path',
  'spec.uploadChunkSize',
  'spec.fastList',
  'spec.remote',
  'spec.remote.bucket',
  'spec.remote.credential',
  'spec.safety.backupFolder',
  'spec.provider',
  'spec.remote.options',
];

/**
 * One text for all, a line for each: number, line, column, and the line of the manifest. Hardly any of them is ever
 * shown, and an object for each would take more memory than the manifests themselves.
 */
export function writePlaces(places: ReadonlyMap<PlaceName, SourcePlace>): string {
  const lines = [...places].map(([name, { line, column, text }]) => [placeNames.indexOf(name), line, column, text]);
  return lines.map((line) => `${line.join(' ')}\n`).join('');
}

/** Of a key that is not there, the top of the file. */
export function placeOf(places: string, name: PlaceName): SourcePlace {
  const start = `${placeNames.indexOf(name)} `;
  const found = places.split('\n').find((each) => each.startsWith(start));
  const [, line, column, text = ''] = /^\d+ (\d+) (\d+) (.*)$/s.exec(found ?? '') ?? [];
  return line === undefined ? { line: 1, column: 1, text: '' } : { line: Number(line), column: Number(column), text };
}
