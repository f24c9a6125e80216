import { snapshotFolders } from '../model/snapshot-folder.ts';
import type { TaskSpec } from '../model/task.ts';
import { escapeGlob, onOneLine, selectedRules, unselectedRules } from './filter-selection.ts';

/** One line for rclone, and what of the manifest it comes from. */
export interface FilterRule {
  readonly text: string;
  readonly origin: FilterOrigin;
}

export type FilterOrigin =
  | { readonly field: 'exclude' | 'include'; readonly index: number; readonly pattern: string }
  /** Whether it is one of the paths of the task. */
  | { readonly field: 'path' }
  /** It is in the folder that keeps replaced and deleted files, or it is the marker of a mounted disk. */
  | { readonly field: 'safety' }
  /** A folder in which a file system shows its snapshots. */
  | { readonly field: 'snapshots' }
  /** What no include takes. */
  | { readonly field: 'rest' };

/** What of a task decides which files are synced. */
export type FilterSource = Pick<TaskSpec, 'include' | 'exclude'> & {
  readonly safety?: Partial<Pick<TaskSpec['safety'], 'backupFolder' | 'requireMarker'>>;
};

/**
 * One ordered list, first match wins: what is never synced, what is excluded, then what is included, then, if anything
 * is included by name, nothing else. `selection` are the names at the root that are synced, and nothing else is; `null`: all of them.
 */
export function filterList(spec: FilterSource, selection: readonly string[] | null): readonly FilterRule[] {
  return [
    ...rulesOf('snapshots', [snapshotRule]),
    ...rulesOf('safety', ownRules(spec)),
    ...chosenFiles(spec, selection),
  ];
}

/** At any depth: each data set that is mounted below has such a folder. rclone neither enters them nor deletes there. */
const snapshotRule = `- {${snapshotFolders.join(',')}}/**`;

/** What earlier runs set aside, and the marker of a mounted disk, are no part of the sync. */
function ownRules({ safety }: FilterSource): readonly string[] {
  const { backupFolder = null, requireMarker = null } = safety ?? {};
  return [
    ...(backupFolder === null ? [] : [`- /${escapeGlob(backupFolder)}/**`]),
    ...(requireMarker === null ? [] : [`- /${escapeGlob(requireMarker)}`]),
  ];
}

function chosenFiles(spec: FilterSource, selection: readonly string[] | null): readonly FilterRule[] {
  const excludes = spec.exclude.map((pattern, index): FilterRule => {
    return { text: `- ${onOneLine(pattern)}`, origin: { field: 'exclude', index, pattern } };
  });
  const includes = spec.include.flatMap((pattern, index) =>
    atAnyDepth(onOneLine(contentsOfDirectory(pattern))).map((text): FilterRule => {
      return { text, origin: { field: 'include', index, pattern } };
    }),
  );
  if (includes.length > 0) {
    const unselected = selection === null ? [] : unselectedRules(selection);
    return [...excludes, ...rulesOf('path', unselected), ...includes, ...rulesOf('rest', ['- **'])];
  }
  if (selection === null) return excludes;
  return [...excludes, ...rulesOf('path', [...selectedRules(selection), '- **'])];
}

function rulesOf(field: 'snapshots' | 'safety' | 'path' | 'rest', texts: readonly string[]): readonly FilterRule[] {
  return texts.map((text) => ({ text, origin: { field } }));
}

/** `+ photos/` lets rclone enter the directory and then take nothing from it; meant is what is in it. */
function contentsOfDirectory(pattern: string): string {
  return pattern.endsWith('/') ? `${pattern}**` : pattern;
}

/**
 * `photos/*.jpg` means any `photos`, however deep. Followed by a rule that excludes the rest, rclone does not enter the
 * directories above it, unless a pattern says that there may be some.
 */
function atAnyDepth(pattern: string): readonly string[] {
  const deep = pattern.includes('/') && !pattern.startsWith('/') && !pattern.startsWith('**');
  return deep ? [`+ ${pattern}`, `+ **/${pattern}`] : [`+ ${pattern}`];
}
