/** Which tasks of a directory a host takes care of, where several hosts share one. */
export interface Selection {
  /** Names, in which `*` stands for any letters; one of them has to fit. Empty: any name. */
  readonly names: readonly string[];
  /** All of them have to hold. */
  readonly labels: readonly LabelRequirement[];
}

/** After Kubernetes' set-based selectors. `notIn` also holds where there is no such label. */
export interface LabelRequirement {
  readonly kind: 'in' | 'notIn' | 'exists' | 'missing';
  readonly label: string;
  /** For `in` and `notIn`. */
  readonly values: readonly string[];
}

export const everything: Selection = { names: [], labels: [] };

export function isSelected(
  { names, labels: requirements }: Selection,
  task: { readonly name: string; readonly labels: Readonly<Record<string, string>> },
): boolean {
  const isNamed = names.length === 0 || names.some((pattern) => fits(pattern, task.name));
  return isNamed && requirements.every((requirement) => holds(requirement, task.labels));
}

function holds({ kind, label, values }: LabelRequirement, labels: Readonly<Record<string, string>>): boolean {
  return judges[kind](Object.hasOwn(labels, label) ? [labels[label]] : [], values);
}

/** Of the value that the label has, in a list that is empty where there is no such label. */
const judges: Readonly<
  Record<LabelRequirement['kind'], (value: readonly unknown[], values: readonly string[]) => boolean>
> = {
  in: (value, values) => values.some((each) => value.includes(each)),
  notIn: (value, values) => !values.some((each) => value.includes(each)),
  exists: (value) => value.length > 0,
  missing: (value) => value.length === 0,
};

/** Piece by piece from the left, so that no pattern takes long. */
function fits(pattern: string, name: string): boolean {
  const first = pattern.indexOf('*');
  if (first === -1) return pattern === name;
  if (!name.startsWith(pattern.slice(0, first))) return false;
  const last = pattern.lastIndexOf('*');
  const tail = pattern.slice(last + 1);
  let at = first;
  for (const piece of pattern.slice(first, last).split('*')) {
    const found = name.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return name.length - tail.length >= at && name.endsWith(tail);
}
