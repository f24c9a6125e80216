import type { ManifestKind, UnreadManifest } from '../model/desired.ts';
import type { Problem, Severity } from '../model/problem.ts';
import type { Snapshot, SourceFile, UnreadFile, UnreadFolder } from '../model/snapshot.ts';
import type { ManifestContext } from './context.ts';
import { displayPath } from './problem-list.ts';
import { readBoundedYaml } from './yaml-document.ts';

interface Judged {
  readonly manifest: UnreadManifest;
  readonly problem: Problem;
}

/** What of all that is not read may be or hold a manifest, each with a problem that says what to do. */
export function judgeUnread(unread: Snapshot['unread'], context: ManifestContext): readonly Judged[] {
  return unread.flatMap((each) => ('file' in each ? (judgeFile(each, context) ?? []) : judgeFolder(each, context)));
}

function judgeFolder({ path, reason, detail }: UnreadFolder, context: ManifestContext): Judged {
  const manifest = { path, kind: 'folder', isOpaque: reason === 'Unreadable', about: null } as const;
  const kept = 'tasks that were applied from it stay as they are';
  switch (reason) {
    case 'Unreadable': {
      const message = `the folder cannot be read: ${detail}; ${kept}`;
      return { manifest, problem: problem(path, 'error', message, 'check its owner and mode', context) };
    }
    case 'LeadsOutside': {
      const message = `the folder is a link out of the tasks directory, to ${detail}, and is not read; ${kept}`;
      return { manifest, problem: problem(path, 'error', message, 'put the folder itself here', context) };
    }
    case 'BrokenLink': {
      const message = `the link cannot be followed: ${detail}; ${kept}`;
      return { manifest, problem: problem(path, 'warning', message, 'correct the link, or delete it', context) };
    }
  }
}

/** `null` for a file that is of no concern. */
function judgeFile({ path, reason, file }: UnreadFile, context: ManifestContext): Judged | null {
  const about = contentOf(file);
  if (reason === 'Perhaps' && about === null) return null;
  const { kind = null, name = null } = about ?? {};
  const manifest: UnreadManifest = {
    path,
    kind: reason === 'Backup' ? 'backup' : 'file',
    isOpaque: reason === 'Misnamed' && file.state === 'refused',
    about: kind === null || name === null ? null : { kind, name },
  };
  const what = about === null ? 'the file is named like a manifest' : `the file holds a ${about.kind}`;
  const message = `${what} and is not read, because its name does not end in .yaml or .yml`;
  const hint = 'rename it, or move it out of the tasks directory';
  return { manifest, problem: problem(path, 'warning', message, hint, context) };
}

interface Content {
  readonly kind: ManifestKind;
  readonly name: string | null;
}

const contents = new WeakMap<SourceFile, { readonly content: Content | null }>();

function contentOf(file: SourceFile): Content | null {
  const known = contents.get(file) ?? { content: file.state === 'readable' ? contentIn(file.text) : null };
  contents.set(file, known);
  return known.content;
}

/** Of JSON the key may stand anywhere; elsewhere, as in a text about manifests, only where a document has it. */
const kindKey = /^(?:[ \t{,]*")?kind"?[ \t]*:[ \t]*["']?(CloudSyncTask|CloudCredential)\b/m;
const kindInLine = /^[ \t]*\{.*"kind"[ \t]*:[ \t]*"(CloudSyncTask|CloudCredential)"/m;

function contentIn(text: string): Content | null {
  const kind = (kindKey.exec(text) ?? kindInLine.exec(text))?.[1] as ManifestKind | undefined;
  if (kind === undefined) return null;
  const { metadata } = Object(readBoundedYaml(text).value);
  const { name } = Object(metadata);
  return { kind, name: typeof name === 'string' ? name : null };
}

function problem(path: string, severity: Severity, message: string, hint: string, context: ManifestContext): Problem {
  const file = displayPath(path, context);
  return { code: 'CS048', severity, file, line: 1, column: 1, message, hint, frame: null };
}
