import { fold } from './fold.ts';
import { covers, position, type Region } from './region.ts';
import { isPrefix, type Relation, relationBy } from './relation.ts';

/** Where a local path leads. */
export interface LocalPlace {
  readonly kind: 'local';
  /** With links resolved, for messages. */
  readonly path: string;
  /** The place itself, and then the file systems that are mounted below it. */
  readonly regions: readonly Region[];
  /** Folders of its file system from the first that is mounted down to the last that exists, as `device:inode`. */
  readonly folders: readonly string[];
  /** Names below the last folder that exists. */
  readonly missing: readonly string[];
  readonly fileSystem: FileSystem | null;
  /** What is mounted below it. */
  readonly mountedBelow: readonly FileSystem[];
}

export interface FileSystem {
  readonly type: string;
  readonly source: string;
  /** `major:minor` while it is mounted. */
  readonly device: string;
  /** The path at which it is mounted. */
  readonly point: string;
}

export function relationOfLocal(one: LocalPlace, other: LocalPlace): Relation {
  const relation = relationBy(contains(one, other), contains(other, one));
  if (relation !== 'apart') return relation;
  const meet = one.regions.some((region) => other.regions.some((each) => covers(region, each) || covers(each, region)));
  if (meet) return 'crosses';
  return isElsewhere(one, other) ? 'apart' : 'unknown';
}

function contains(outer: LocalPlace, inner: LocalPlace): boolean {
  const [root] = inner.regions;
  if (root === undefined) return false;
  const positions = outer.regions.map((region) => position(region, root));
  if (positions.includes('below')) return true;
  return !positions.includes('hidden') && containsFolder(outer, inner);
}

/** By inode, whatever the folders are called: a short name, another case. */
function containsFolder(outer: LocalPlace, inner: LocalPlace): boolean {
  const last = outer.folders.at(-1);
  const index = last === undefined ? -1 : inner.folders.indexOf(last);
  if (index < 0) return false;
  if (outer.missing.length === 0) return true;
  // What does not exist is not above what does.
  if (index < inner.folders.length - 1) return false;
  const folds = outer.regions[0]?.folds === true || inner.regions[0]?.folds === true;
  const spelled = (names: readonly string[]) => (folds ? names.map(fold) : names);
  return isPrefix(spelled(outer.missing), spelled(inner.missing));
}

/**
 * Two file systems on disks of this machine share no file. One that shows the files of another place may: of a server,
 * which can be this machine, of a program, or of a layer above another file system.
 */
function isElsewhere(one: LocalPlace, other: LocalPlace): boolean {
  if (one.fileSystem === null || other.fileSystem === null) return one.fileSystem === other.fileSystem;
  if (one.fileSystem.device === other.fileSystem.device) return true;
  return !showsOthers(one.fileSystem) && !showsOthers(other.fileSystem);
}

const borrowing =
  /^(?:nfs\d*|cifs|smb\w*|fuse|fuse\..+|9p|virtiofs|overlay|aufs|unionfs|ecryptfs|afs|ceph|glusterfs|lustre|vboxsf|prl_fs|davfs\d*|coda|beegfs|orangefs)$/;

export function showsOthers({ type }: FileSystem): boolean {
  return borrowing.test(type);
}
