import { type Annotations, annotationNames, annotationPrefix } from '../model/annotation.ts';
import { errorAt, errorAtKey, type Finding } from './finding.ts';
import { quoted } from './found-value.ts';
import { suggestion } from './suggestion.ts';

/** Annotations of ours that would do nothing, or not what was meant. */
export function annotationFindings(annotations: Annotations): readonly Finding[] {
  return Object.entries(annotations).flatMap(([name, value]) => {
    const path = ['metadata', 'annotations', name];
    if (!name.startsWith(annotationPrefix)) return [];
    if (!annotationNames.some((known) => known === name)) return [unknown(name, path)];
    if (name === 'cloudsync/prune') return value === 'disabled' ? [] : [notDisabled(value, path)];
    if (value.trim() !== '') return [];
    const hint = 'write something that is new each time, such as the time of day; or leave it out';
    return [errorAt('CS015', path, `${name} must not be empty`, hint)];
  });
}

function unknown(name: string, path: readonly string[]): Finding {
  const ends = annotationNames.map((each) => each.slice(annotationPrefix.length));
  // Without what all of them begin with, which makes every name look like every other.
  const meant = suggestion(name.slice(annotationPrefix.length), ends);
  const hint = meant === null ? `there are ${annotationNames.join(', ')}` : `did you mean ${annotationPrefix}${meant}?`;
  return errorAtKey('CS046', path, `there is no annotation ${quoted(name)}`, hint);
}

function notDisabled(value: string, path: readonly string[]): Finding {
  const hint = 'leave it out to have the schedule end when the manifest goes';
  return errorAt('CS014', path, `cloudsync/prune must be disabled; found ${quoted(value)}`, hint);
}
