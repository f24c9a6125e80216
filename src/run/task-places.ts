import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ResolvedTask } from '../model/desired.ts';
import { ok, type Result } from '../model/result.ts';
import type { RemoteLocation } from '../model/task.ts';
import { readPlace } from '../place/disk/read-place.ts';
import type { LocalPlace } from '../place/local-place.ts';
import type { Place } from '../place/place.ts';
import { parseSections } from '../place/rclone-sections.ts';
import { farPlaces } from '../provider/far-places.ts';
import type { Sections } from '../provider/section-places.ts';
import { existingConfig } from './rclone-config.ts';

/** What is at one end of a task, by its name for people, and where that leads. */
export interface Side {
  readonly name: string;
  readonly places: readonly Place[];
}

export interface TaskPlaces {
  /** One for each path, or the directory that holds all of them. */
  readonly local: readonly (Side & { readonly places: readonly LocalPlace[] })[];
  /** Each where its counterpart is written or read. */
  readonly far: readonly Side[];
}

type Located = Pick<ResolvedTask, 'spec' | 'credential'>;

/**
 * Where the two sides of a task are. `selection`: names at its roots that are synced, and nothing else is; `null`: all.
 * The error is a sentence: of a path that cannot be read.
 */
export async function placesOfTask(
  { spec, credential }: Located,
  environment: NodeJS.ProcessEnv,
  selection: readonly string[] | null = spec.paths.length > 1 ? spec.paths.map((path) => basename(path)) : null,
): Promise<Result<TaskPlaces, string>> {
  const local: TaskPlaces['local'][number][] = [];
  for (const path of spec.paths) {
    const place = await readPlace(path);
    if (!place.ok) return place;
    local.push({ name: path, places: [place.value] });
  }
  const sections = credential === null ? await readSections(environment) : noSections;
  const far: Side[] = [];
  for (const name of selection ?? ['']) {
    const location = { ...spec.remote, folder: name === '' ? spec.remote.folder : `${spec.remote.folder}/${name}` };
    const side = await farSide(location, credential, sections);
    if (!side.ok) return side;
    far.push(side.value);
  }
  return ok({ local, far });
}

async function farSide(
  location: RemoteLocation,
  credential: Located['credential'],
  sections: Sections,
): Promise<Result<Side, string>> {
  const places: Place[] = [];
  for (const named of farPlaces(location, credential, sections)) {
    const place = named.kind === 'path' ? await readPlace(named.path) : ok(named);
    if (!place.ok) return place;
    places.push(place.value);
  }
  const { bucket, folder } = location;
  const path = [bucket, folder].filter((part) => part !== null && part !== '').join('/');
  return ok({ name: `${location.credential ?? location.rcloneRemote}:${path}`, places });
}

const noSections: Sections = new Map();

/** Of one that is encrypted, or not there, nothing is known. */
export async function readSections(environment: NodeJS.ProcessEnv): Promise<Sections> {
  const config = existingConfig(environment);
  if (!config.ok) return noSections;
  const text = await readFile(config.value, 'utf8').catch(() => '');
  return parseSections(text) ?? noSections;
}
