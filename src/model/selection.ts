import { unreachable } from './result.ts';

/** Which tasks of a directory a host takes care of, where several hosts share one. */
export interface Selection {
  /** Names, in which `*` stands for any letters; one of them has to fit. Empty: any name. */
  readonly names: readonly string[];
  /** All of them have to hold. */
  readonly labels: readonly LabelRequirement[];
}

/** After Kubernetes' set-based selectors. `notIn` also holds where there is no such label. */
export type LabelRequirement =
  | { readonly kind: 'in' | 'notIn'; readonly label: string; readonly values: readonly string[] }
  | { readonly kind: 'exists' | 'missing'; readonly label: string };

export const everything: Selection = { names: [], labels: [] };

export function isSelected(
  { names, labels: requirements }: Selection,
  task: { readonly name: string; readonly labels: Readonly<Record<string, string>> },
): boolean {
  const isNamed = names.length === 0 || names.some((pattern) => fits(pattern, task.name));
  return isNamed && requirements.every((requirement) => holds(requirement, task.labels));
}

function holds(requirement: LabelRequirement, labels: Readonly<Record<string, string>>): boolean {
  const value = Object.hasOwn(labels, requirement.label) ? labels[requirement.label] : undefined;
  switch (requirement.kind) {
    case 'in':
      return value !== undefined && requirement.values.includes(value);
    case 'notIn':
      return value === undefined || !requirement.values.includes(value);
    case 'exists':
      return value !== undefined;
    case 'missing':
      return value === undefined;
    default:
      return unreachable(requirement);
  }
}

/** Piece by piece from the left, so that no pattern takes long. */
function fits(pattern: string, name: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === name;
  if (!name.startsWith(head)) return false;
  const tail = rest.pop() ?? '';
  let at = head.length;
  for (const piece of rest) {
    const found = name.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return name.length - tail.length >= at && name.endsWith(tail);
}
