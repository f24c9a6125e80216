import { posix } from 'node:path';
import type { FarPlace, NamedPlace } from '../model/far-place.ts';
import { folderParts } from '../place/far-mark.ts';
import { genericPlace } from './generic-place.ts';
import { providers } from './registry.ts';

/** What is known of an rclone.conf: its sections, by name. */
export type Sections = ReadonlyMap<string, Section>;

type Section = Readonly<Record<string, string>>;

/** Backends that lead to other remotes, and the option that names these. */
const wrappers: Readonly<Record<string, string>> = {
  ...{ alias: 'remote', archive: 'remote', cache: 'remote', chunker: 'remote', compress: 'remote', crypt: 'remote' },
  ...{ hasher: 'remote', union: 'upstreams', combine: 'upstreams' },
};

/** A section may lead to another one, and in a circle. */
const deepest = 10;

/** Where a folder of a section lies. What is not known of a section is a place that may be anywhere. */
export function sectionPlaces(
  name: string,
  folder: string,
  sections: Sections,
  plain: () => FarPlace | null = () => null,
  depth = 0,
): readonly NamedPlace[] {
  const section = sections.get(name);
  const { type = '' } = section ?? {};
  const wrapped = wrappers[type];
  if (section === undefined || depth === deepest) return [unknownPlace(name, folder)];
  if (wrapped !== undefined) return wrappedPlaces(type, section[wrapped] ?? '', folder, sections, depth);
  if (type === 'local') return [{ kind: 'path', path: posix.resolve('/', folder) }];
  const own = plain();
  if (own !== null) return [own];
  const provider = [...providers.values()].find(
    ({ rcloneType, name: ours }) => rcloneType === type && ours !== 'storj-ix',
  );
  const rule = provider?.place ?? ((location) => genericPlace(type, location));
  const { type: _, ...options } = section;
  return rule === 'local' ? [] : [rule({ options, bucket: null, folder })];
}

function wrappedPlaces(
  type: string,
  written: string,
  folder: string,
  sections: Sections,
  depth: number,
): readonly NamedPlace[] {
  const upstreams = ['union', 'combine'].includes(type) ? blankSeparated(written) : [written];
  // A name below a crypt or a combine is another one at the remote, so that all of the remote is meant.
  const below = type === 'crypt' || type === 'combine' ? '' : folder;
  return upstreams.flatMap((upstream): readonly NamedPlace[] => {
    const remote = upstreamOf(type, upstream);
    const [, name, path = ''] = /^([^:/]+):(.*)$/s.exec(remote) ?? [];
    if (remote.startsWith(':')) return [unknownPlace(remote, folder)];
    if (name === undefined) return [{ kind: 'path', path: posix.resolve('/', posix.join(remote, below)) }];
    const joined = [path, below].filter((part) => part !== '').join('/');
    return sectionPlaces(name, joined, sections, undefined, depth + 1);
  });
}

/** `dir=remote:path` in a combine, `remote:path:ro` in a union. */
function upstreamOf(type: string, upstream: string): string {
  if (type === 'combine') return upstream.slice(upstream.indexOf('=') + 1);
  return type === 'union' ? upstream.replace(/:(?:ro|nc|writeback)$/, '') : upstream;
}

function blankSeparated(text: string): readonly string[] {
  return [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

function unknownPlace(name: string, folder: string): FarPlace {
  return {
    kind: 'far',
    service: 'rclone.conf',
    marks: [{ value: name, known: false }],
    parts: folderParts(folder),
    folds: false,
    host: 'server',
  };
}
