import type { CompiledFilters, CompiledRule } from './filter-dump.ts';
import type { FilterRule } from './filter-rule.ts';

/** What becomes of one path, and which rule decided; `rule` is `null` where none speaks of it. */
export interface FilterVerdict {
  /** Relative to the root of the sync; a folder ends with a slash. */
  readonly path: string;
  /** `unknown`: the rule is written in a way that only rclone understands. */
  readonly result: 'included' | 'excluded' | 'unknown';
  readonly rule: FilterRule | null;
  /** The folder above that is not entered, so that nothing in it is looked at. */
  readonly hiddenBy: string | null;
}

/** As rclone walks: a folder that is excluded hides everything in it, whatever other rules say. */
export function judgePath(path: string, filters: CompiledFilters): FilterVerdict {
  for (const folder of foldersAbove(path)) {
    const verdict = decide(folder, filters.directories);
    if (verdict.result !== 'included') return { ...verdict, path, hiddenBy: folder };
  }
  return { ...decide(path, path.endsWith('/') ? filters.directories : filters.files), path, hiddenBy: null };
}

/** Of `a/b/c`: `a/` and `a/b/`. */
function foldersAbove(path: string): readonly string[] {
  const parts = path.replace(/\/$/, '').split('/').slice(0, -1);
  return parts.map((_, index) => `${parts.slice(0, index + 1).join('/')}/`);
}

function decide(path: string, rules: readonly CompiledRule[]): Pick<FilterVerdict, 'result' | 'rule'> {
  for (const { rule, include, expression } of rules) {
    const matches = test(expression, path);
    if (matches === null) return { result: 'unknown', rule };
    if (matches) return { result: include ? 'included' : 'excluded', rule };
  }
  return { result: 'included', rule: null };
}

/** `null`: not an expression here. What rclone makes of a pattern is one in both languages; what people write may not be. */
function test(expression: string, path: string): boolean | null {
  try {
    return new RegExp(expression, 'u').test(path);
  } catch {
    return null;
  }
}
