import type { FileChange } from '../model/run.ts';
import { formatBytes } from './format.ts';
import { sanitizeLine } from './sanitize.ts';
import { paint, type Style } from './style.ts';

interface Look {
  readonly symbol: string;
  readonly style: Style;
  /** Goes into the sentence at the end: `2 to copy, 1 to delete`. */
  readonly verb: string;
}

/** Deletes come first in the count. */
const looks: Readonly<Record<FileChange['action'], Look>> = {
  delete: { symbol: '-', style: 'red', verb: 'delete' },
  rmdir: { symbol: '-', style: 'red', verb: 'remove (folders)' },
  copy: { symbol: '+', style: 'green', verb: 'copy' },
  update: { symbol: '~', style: 'yellow', verb: 'update' },
  move: { symbol: '>', style: 'yellow', verb: 'move' },
  mkdir: { symbol: '+', style: 'green', verb: 'create (folders)' },
};

/** What a dry run would do: the first changes by name, how many more there are, and how many of each kind. */
export function renderChanges(
  changes: readonly FileChange[],
  { limit, color }: { readonly limit: number; readonly color: boolean },
): string {
  if (changes.length === 0) return 'Nothing to do.';
  const hidden = changes.length - limit;
  return [
    ...changes.slice(0, limit).map((change) => renderChange(change, color)),
    ...(hidden > 0 ? [`… and ${hidden} more`] : []),
    `${countByAction(changes)}.`,
  ].join('\n');
}

export function renderChange({ action, path, size }: FileChange, color: boolean): string {
  const { symbol, style } = looks[action];
  const name = action === 'mkdir' || action === 'rmdir' ? `${path.replace(/\/$/, '')}/` : path;
  const bytes = size === undefined ? '' : ` ${formatBytes(size)}`;
  return `${paint(`${symbol} ${sanitizeLine(name)}`, style, color)}${bytes}`;
}

function countByAction(changes: readonly FileChange[]): string {
  return Object.entries(looks)
    .flatMap(([action, { verb }]) => {
      const same = changes.filter((change) => change.action === action);
      const bytes = same.reduce((sum, { size }) => sum + (size ?? 0), 0);
      if (same.length === 0) return [];
      return [`${same.length} to ${verb}${bytes > 0 ? ` (${formatBytes(bytes)})` : ''}`];
    })
    .join(', ');
}
