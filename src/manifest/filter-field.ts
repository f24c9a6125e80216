import { posix } from 'node:path';
import { snapshotFolders } from '../model/snapshot-folder.ts';
import type { TaskSpec } from '../model/task.ts';
import { checkFilterPattern } from './filter-pattern.ts';
import { errorAt, type Finding, warningAt } from './finding.ts';
import { quoted } from './found-value.ts';

type Filters = Pick<TaskSpec, 'exclude' | 'include' | 'paths'>;

/** What is wrong with each pattern, and with the patterns together. */
export function filterFindings({ exclude, include, paths }: Filters): readonly Finding[] {
  return [
    ...patternFindings('exclude', exclude),
    ...patternFindings('include', include),
    ...include.flatMap((pattern, index) => hiddenFindings(pattern, index, exclude)),
    ...include.flatMap(snapshotFindings),
    ...(paths.length > 1 ? selectionFindings({ exclude, include, paths }) : []),
  ];
}

function patternFindings(field: 'exclude' | 'include', patterns: readonly string[]): readonly Finding[] {
  return patterns.flatMap((pattern, index) =>
    checkFilterPattern(pattern).map(({ severity, message, hint }) => {
      const path = ['spec', field, index];
      return severity === 'error' ? errorAt('CS026', path, message, hint) : warningAt('CS027', path, message, hint);
    }),
  );
}

/** Excludes come first, so that what one of them takes away never comes back. */
function hiddenFindings(pattern: string, index: number, exclude: readonly string[]): readonly Finding[] {
  const hiding = exclude.find((other) => hides(other, pattern));
  if (hiding === undefined) return [];
  const message = `${quoted(pattern)} takes nothing: exclude ${quoted(hiding)} comes first and leaves all of it out`;
  const hint = 'leave that exclude out; where anything is included, nothing else is taken anyway';
  return [warningAt('CS027', ['spec', 'include', index], message, hint)];
}

function snapshotFindings(pattern: string, index: number): readonly Finding[] {
  const folder = snapshotFolders.find((name) => hides(`${name}/**`, pattern));
  if (folder === undefined) return [];
  const message = `${quoted(pattern)} takes nothing: ${folder} is always left out, because a file system shows its snapshots there`;
  const hint = `to send one snapshot, name its directory in spec.path, for example /mnt/tank/${folder}/NAME`;
  return [warningAt('CS027', ['spec', 'include', index], message, hint)];
}

function hides(exclude: string, include: string): boolean {
  if (exclude === include || /^(?:\*|\/?\*\*)$/.test(exclude)) return true;
  const [, directory] = /^([^*?[{\\]*)\/(?:\*\*)?$/.exec(exclude) ?? [];
  if (directory !== undefined) {
    const start = directory.startsWith('/');
    return start ? include.startsWith(`${directory}/`) : `/${include.replace(/^\//, '')}`.includes(`/${directory}/`);
  }
  const [, ending] = /^\*{1,2}([^*?[{\\/]+)$/.exec(exclude) ?? [];
  return ending !== undefined && include.endsWith(ending);
}

/** Patterns start from the directory that holds the paths of a list, and not from each of these. */
function selectionFindings({ exclude, include, paths }: Filters): readonly Finding[] {
  const names = paths.map((path) => posix.basename(path));
  const start = posix.dirname(String(paths[0]));
  const message = (pattern: string) =>
    `${quoted(pattern)} matches nothing: it starts from ${start}, and only ${names.slice(0, 5).join(', ')} are taken there`;
  const hint = `begin it with one of these names, as in ${quoted(`/${names[0]}/**`)}`;
  return [
    ...include.flatMap((pattern, index) =>
      isElsewhere(pattern, names) ? [errorAt('CS026', ['spec', 'include', index], message(pattern), hint)] : [],
    ),
    ...exclude.flatMap((pattern, index) =>
      isElsewhere(pattern, names) ? [warningAt('CS027', ['spec', 'exclude', index], message(pattern), hint)] : [],
    ),
  ];
}

/** Anchored, and its first part is a plain name that is none of these. */
function isElsewhere(pattern: string, names: readonly string[]): boolean {
  const [, first] = /^\/([^/*?[{\\]+)(?:\/|$)/.exec(pattern) ?? [];
  return first !== undefined && !names.includes(first);
}
