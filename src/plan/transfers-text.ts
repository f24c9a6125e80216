import type { Transfers } from '../model/plan.ts';
import { plural } from '../model/wording.ts';

/** What a run would do to files, such as `copy 12 files (3.4 MiB), delete 2`; or why it would do nothing. */
export function transfersText({ outcome, lastError, copies, moves, deletes, bytes }: Transfers): string {
  if (outcome !== 'Succeeded' && outcome !== 'SucceededWithWarnings') {
    return `a run would end as ${outcome}: ${lastError ?? 'for a reason that is not known'}`;
  }
  const parts = [
    ...(copies > 0 ? [`copy ${plural(copies, 'file')}`] : []),
    ...(moves > 0 ? [`move ${plural(moves, 'file')}`] : []),
    ...(deletes > 0 ? [`delete ${plural(deletes, 'file')}`] : []),
  ];
  if (parts.length === 0) return 'a run would change no file';
  return `a run would ${parts.join(', ')}${bytes > 0 ? `; ${bytesText(bytes)} to transfer` : ''}`;
}

/** What to know, and the first files by name with how many more there are; what would be deleted comes first. */
export function transferLines({ warnings, copies, moves, deletes, first }: Transfers): readonly string[] {
  return [
    ...warnings.map((warning) => `! ${warning}`),
    ...namesOf('-', first.delete, deletes),
    ...namesOf('>', first.move, moves),
    ...namesOf('+', first.copy, copies),
  ];
}

function namesOf(sign: string, names: readonly string[], total: number): readonly string[] {
  const more = total - names.length;
  return [...names.map((name) => `${sign} ${name}`), ...(more > 0 ? [`${sign} … and ${more} more`] : [])];
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

function bytesText(bytes: number): string {
  const power = Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1);
  const value = bytes / 1024 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`;
}
