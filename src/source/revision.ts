import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { err, ok, type Result } from '../model/result.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { isCommit } from './git.ts';
import { type Git, gitIn, lineOf } from './git-process.ts';
import { judgeName } from './manifest-name.ts';
import { takeSnapshot } from './snapshot.ts';

interface RevisionOptions {
  /** As people name it, such as `origin/main`; it comes from a command line. */
  readonly reference: string;
  /** The tasks directory as it is now. */
  readonly snapshot: Pick<Snapshot, 'directory' | 'baseDirectory' | 'realDirectory'>;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * The tasks directory as a commit has it, as if that lay in the same place. Git writes the files to a temporary
 * directory, so that links, line ends and filters are as in a checkout; checkout and index are left alone. The error is
 * a sentence for people.
 */
export async function snapshotOfRevision(options: RevisionOptions): Promise<Result<Snapshot, string>> {
  const { reference, snapshot, environment } = options;
  const temporary = await mkdtemp(join(tmpdir(), 'cloudsync-base-'));
  try {
    const git = gitIn(snapshot.realDirectory, environment, { index: join(temporary, 'index') });
    const place = await findPlace(git, snapshot.directory);
    if (!place.ok) return place;
    const revision = await findCommit(git, reference);
    if (!revision.ok) return revision;
    const tree = join(temporary, 'tree/');
    const written = await writeTree(git, { revision: revision.value, ...place.value, tree });
    if (!written.ok) return written;
    const folder = join(tree, place.value.prefix);
    await mkdir(folder, { recursive: true });
    const taken = await takeSnapshot({ directory: folder, previous: null });
    if (!taken.ok) return err(taken.error.message);
    const { directory, baseDirectory, realDirectory } = snapshot;
    return ok({ ...taken.value, directory, baseDirectory, realDirectory, revision: revision.value });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

interface Place {
  /** The root of the checkout. */
  readonly root: string;
  /** From there to the tasks directory, with a slash at the end; empty when they are the same. */
  readonly prefix: string;
}

async function findPlace(git: Git, directory: string): Promise<Result<Place, string>> {
  const prefix = await git(['rev-parse', '--show-prefix']);
  if (prefix.complaint.includes('not a git repository')) {
    return err(`--base compares with a Git revision, and ${directory} is in no Git repository.`);
  }
  const root = await git(['rev-parse', '--show-toplevel']);
  if (prefix.exitCode !== 0 || root.exitCode !== 0) return err(`Git cannot look at ${directory}: ${root.complaint}`);
  return ok({ root: lineOf(root), prefix: lineOf(prefix) });
}

async function findCommit(git: Git, reference: string): Promise<Result<string, string>> {
  // What begins with a dash is no name of a revision, and must never be an option.
  const found = reference.startsWith('-')
    ? null
    : await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${reference}^{commit}`]);
  // A revision to exclude, such as ^main, is printed with its sign.
  if (found?.exitCode === 0 && isCommit(lineOf(found))) return ok(lineOf(found));
  const shallow = (await git(['rev-parse', '--is-shallow-repository'])).stdout.startsWith('true');
  const why = shallow ? ', which is shallow' : '';
  return err(`There is no commit ${reference} in this clone${why}. ${fetchHint(reference)}`);
}

function fetchHint(reference: string): string {
  const [remote = '', ...branch] = reference.split('/');
  const isRemoteBranch = branch.length > 0 && /^[\w.-]+$/.test(remote) && remote !== 'refs';
  return `Fetch it first, as with: git fetch ${isRemoteBranch ? `${remote} ${branch.join('/')}` : 'origin main'}`;
}

async function writeTree(
  git: Git,
  { revision, root, prefix, tree }: Place & { readonly revision: string; readonly tree: string },
): Promise<Result<void, string>> {
  const read = await git(['read-tree', revision], { folder: root });
  const listed = await git(['ls-files', '-z', '--stage', '--', ...(prefix === '' ? [] : [prefix])], { folder: root });
  const paths = pathsToWrite(listed.stdout);
  const input = paths.map((path) => `${path}\0`).join('');
  const written = await git(['checkout-index', '-z', '--stdin', '--quiet', `--prefix=${tree}`], {
    folder: root,
    input,
  });
  const failed = [read, listed, written].find(({ exitCode }) => exitCode !== 0);
  return failed === undefined ? ok(undefined) : err(`Git cannot read the files of ${revision}: ${failed.complaint}`);
}

/** A link may lead to a file of any name; without one, what is no manifest is left where it is. */
function pathsToWrite(stages: string): readonly string[] {
  const entries = stages
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => ({ mode: line.slice(0, 6), path: line.slice(line.indexOf('\t') + 1) }));
  const hasLinks = entries.some(({ mode }) => mode === '120000');
  const mayBeManifest = (path: string) => judgeName(basename(path), new Set()) !== 'other';
  const wanted = (path: string) => hasLinks || mayBeManifest(path) || basename(path) === '.allow-empty';
  return entries.filter(({ mode, path }) => mode !== '160000' && wanted(path)).map(({ path }) => path);
}
