import { posix } from 'node:path';
import type { ManifestKind, ParsedManifest, PlaceName } from '../model/desired.ts';
import { isError } from '../model/problem.ts';
import type { ReadableFile, RefusedFile } from '../model/snapshot.ts';
import type { ManifestContext } from './context.ts';
import { errorAt, errorAtKey, type Finding } from './finding.ts';
import { found } from './found-value.ts';
import { type MaskPolicy, maskPolicy } from './line-mask.ts';
import { normalizeCredential, type WrittenCredentialSpec } from './normalize-credential.ts';
import { normalizeTask } from './normalize-task.ts';
import { displayPath, placeFindings, refusedProblem, sourcePlace } from './problem-list.ts';
import { type Checked, soundPart } from './sound-part.ts';
import { suggestion } from './suggestion.ts';
import { credentialShape, taskShape } from './validators.ts';
import { placeNames, writePlaces } from './written-places.ts';
import type { WrittenTaskSpec } from './written-task.ts';
import { readBoundedYaml, type YamlDocument } from './yaml-document.ts';

const kinds = ['CloudSyncTask', 'CloudCredential'] as const;

/** Reads one manifest and reports everything that is wrong with it by itself. Never throws, whatever the text. */
export function parseManifest(file: ReadableFile | RefusedFile, context: ManifestContext): ParsedManifest {
  const nothing = { path: file.path, kind: null, name: null, labels: null, task: null, credential: null, places: '' };
  if (file.state === 'refused') return { ...nothing, problems: [refusedProblem(file, context)] };
  const document = readBoundedYaml(file.text);
  const kind = kinds.find((each) => each === childOf(document.value, 'kind')) ?? null;
  const judged = judge(file, kind, document, context);
  const policy = maskPolicy(file.text, context.providers.values());
  const displayed = displayPath(file.path, context);
  const problems = placeFindings([...document.findings, ...judged.findings], file.text, document, policy, displayed);
  const valid = !problems.some(isError);
  return {
    path: file.path,
    kind,
    name: nameOf(document.value),
    labels: labelsOf(document.value),
    task: valid ? judged.task : null,
    credential: valid ? judged.credential : null,
    problems,
    places: placesOf(file.text, document, policy),
  };
}

type Judged = Pick<ParsedManifest, 'task' | 'credential'> & { readonly findings: readonly Finding[] };

function judge(
  file: ReadableFile,
  kind: ManifestKind | null,
  document: YamlDocument,
  context: ManifestContext,
): Judged {
  const nothing = { task: null, credential: null };
  // After a syntax error the rest is guesswork; after a key that is written twice it is not.
  if (document.findings.some(({ code }) => code !== 'CS006')) return { ...nothing, findings: [] };
  if (kind === null) return { ...nothing, findings: [kindFinding(document.value)] };
  const folder = posix.join(context.baseDirectory, posix.dirname(file.path));
  if (kind === 'CloudSyncTask') {
    const sound = soundPart<WrittenTaskSpec>(document.value, taskShape, taskPlaceholder);
    const { task, findings } = normalizeTask(sound.metadata, sound.spec, folder, context);
    return { ...nothing, task, findings: merged(sound, findings) };
  }
  const sound = soundPart<WrittenCredentialSpec>(document.value, credentialShape, { provider: '' });
  if (sound.spec.provider === '') return { ...nothing, findings: sound.findings };
  const { credential, findings } = normalizeCredential(sound.metadata, sound.spec, folder, context);
  return { ...nothing, credential, findings: merged(sound, findings) };
}

/** Stands in for required fields that are missing or wrong, so that the others can be checked. */
const taskPlaceholder: WrittenTaskSpec = { direction: 'PUSH', path: '.', remote: { credential: 'placeholder' } };

/** What was found in a field that the schema has already refused is about its placeholder. */
function merged({ findings, faulty }: Checked<unknown>, further: readonly Finding[]): readonly Finding[] {
  const ofSound = further.filter(({ spot }) => !('path' in spot && faulty.has(String(spot.path[1]))));
  return [...findings, ...ofSound];
}

function kindFinding(value: unknown): Finding {
  if (value === null) {
    return errorAt('CS005', [], 'the file holds no document', 'write a manifest, or delete the file');
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    return errorAt(
      'CS013',
      [],
      `a manifest must be a map; found ${Array.isArray(value) ? 'a list' : 'a single value'}`,
    );
  }
  if (!Object.hasOwn(value, 'kind')) {
    const hint = `for example kind: CloudSyncTask`;
    return errorAtKey('CS011', [], 'the manifest needs the key "kind"', hint);
  }
  const kind = childOf(value, 'kind');
  const meant = typeof kind === 'string' ? suggestion(kind, kinds) : null;
  const message = `kind must be ${kinds.join(' or ')}; found ${found(['kind'], kind)}`;
  return errorAt('CS010', ['kind'], message, meant === null ? null : `did you mean ${meant}?`);
}

function childOf(value: unknown, key: string): unknown {
  return Object.hasOwn(Object(value), key) ? Object(value)[key] : undefined;
}

function nameOf(value: unknown): string | null {
  const name = childOf(childOf(value, 'metadata'), 'name');
  return typeof name === 'string' ? name : null;
}

/** Also of a manifest that is not valid: whether a host takes care of it must not depend on that. */
function labelsOf(value: unknown): Readonly<Record<string, string>> | null {
  const metadata = childOf(value, 'metadata');
  if (typeof metadata !== 'object' || metadata === null) return null;
  const labels = childOf(metadata, 'labels') ?? {};
  const entries = Object.entries(Object(labels));
  return entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')
    ? Object.fromEntries(entries)
    : null;
}

function placesOf(text: string, document: YamlDocument, policy: MaskPolicy): string {
  const written = placeNames.filter((name) => name.split('.').reduce(childOf, document.value) !== undefined);
  const place = (name: PlaceName) => sourcePlace(text, document.offsetOf(name.split('.'), 'value'), policy);
  return writePlaces(new Map(written.map((name) => [name, place(name)])));
}
