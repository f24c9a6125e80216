import type { FilterRule } from './filter-rule.ts';

/** One expression that rclone made of a rule. Those about folders are held against their path with a slash at the end. */
export interface CompiledRule {
  readonly rule: FilterRule;
  readonly include: boolean;
  /** Of Go's kind. */
  readonly expression: string;
}

export interface CompiledFilters {
  readonly files: readonly CompiledRule[];
  readonly directories: readonly CompiledRule[];
}

const marker = 'cloudsyncrule';

/**
 * The rules with a sign after each. rclone makes several expressions of one rule, or none where it has the same one
 * already, and says of none where it comes from.
 */
export function markedRules(rules: readonly FilterRule[]): string {
  return rules.map(({ text }, index) => `${text}\n- /${marker}${index}/**\n`).join('');
}

/** Reads what `--dump filters` prints for `markedRules`; `null` where it is something else. */
export function parseFilterDump(output: string, rules: readonly FilterRule[]): CompiledFilters | null {
  const [, files, directories] =
    /^--- File filter rules ---\n([\s\S]*?)^--- Directory filter rules ---\n([\s\S]*?)^---/m.exec(output) ?? [];
  if (files === undefined || directories === undefined) return null;
  const section = { files: attributed(files, rules), directories: attributed(directories, rules) };
  return section.files === null || section.directories === null
    ? null
    : { files: section.files, directories: section.directories };
}

function attributed(section: string, rules: readonly FilterRule[]): readonly CompiledRule[] | null {
  const compiled: CompiledRule[] = [];
  let index = 0;
  for (const line of section.split('\n').filter((each) => each !== '')) {
    const sign = new RegExp(`^- \\^${marker}(\\d+)/`).exec(line)?.[1];
    const rule = rules[index];
    if (sign !== undefined) index = Number(sign) + 1;
    else if (rule === undefined || !/^[+-] /.test(line)) return null;
    else compiled.push({ rule, include: line.startsWith('+'), expression: line.slice(2) });
  }
  return index === rules.length ? compiled : null;
}
