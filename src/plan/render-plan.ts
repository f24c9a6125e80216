import { styleText } from 'node:util';
import type { ResolvedTask } from '../model/desired.ts';
import {
  type Action,
  type Change,
  type ChangeReason,
  type Effect,
  isNews,
  isRefusal,
  type Plan,
  type PlanSummary,
  type Transfers,
} from '../model/plan.ts';
import { type FieldChange, fieldDiff } from './field-diff.ts';
import { printable, valueText } from './field-text.ts';
import { routeOf } from './route.ts';
import { transferLines, transfersText } from './transfers-text.ts';

export interface RenderOptions {
  readonly color: boolean;
  /** List the unchanged tasks too. */
  readonly verbose: boolean;
  /** Whether it was applied: then the counts are of what was done. Left out: it was not. */
  readonly isApplied?: boolean;
}

type Style = Parameters<typeof styleText>[0];

const symbols: Readonly<Record<Action, readonly [string, Style]>> = {
  create: ['+', 'green'],
  update: ['~', 'yellow'],
  delete: ['-', 'red'],
  unchanged: ['=', 'dim'],
  adopt: ['→', 'cyan'],
  invalid: ['!', 'red'],
  blocked: ['x', 'magenta'],
};

const reasons: Readonly<Record<ChangeReason, string>> = {
  NewManifest: 'new',
  SpecChanged: 'changed',
  CredentialChanged: 'its credential changed',
  MetadataChanged: 'its labels or annotations changed',
  ManifestMoved: 'moved',
  ManifestRemoved: 'its manifest is gone',
  NotSelected: 'not selected here any more',
  NoChange: 'unchanged',
  PruneDisabled: 'kept',
  InvalidManifest: 'not valid',
  InvalidManifestLastGoodKept: 'not valid, and active',
  ManifestUnread: 'not read, and active',
  SourceEmpty: 'not deleted, the directory is empty',
  TooManyDeletes: 'not deleted, too many at once',
  RevisionInvalid: 'held back, another manifest is not valid',
};

/** The plan as text for a terminal: the changes, what follows from them, and the counts. Ends with a newline. */
export function renderPlan(plan: Plan, options: RenderOptions): string {
  const paint = painter(options.color);
  const shown = plan.changes.filter((change) => options.verbose || isNews(change));
  const blocks = shown.map((change) => changeLines(change, paint));
  const refusals = refusalsIn(shown);
  const lines = [
    ...comparisonLines(plan),
    ...blocks.flat(),
    ...refusals.map((message) => paint('magenta', printable(message))),
    ...(shown.length === 0 ? [] : ['']),
    options.isApplied === true ? appliedLine(plan.summary) : summaryLine(plan.summary),
  ];
  return `${lines.join('\n')}\n`;
}

/** The guard says the same about each of the tasks that it keeps; once is enough. */
export function refusalsIn(changes: readonly Change[]): readonly string[] {
  return [...new Set(changes.flatMap(({ effects }) => effects.filter(isRefusal).map(({ message }) => message)))];
}

/** With what the manifests are compared, where that is not what is active here. */
export function comparisonText({ comparedWith }: Plan): string | null {
  if (comparedWith === undefined) return null;
  if (comparedWith.kind === 'state') {
    return `Compared with the exported state ${comparedWith.file}, not with a running daemon.`;
  }
  const { ref, revision } = comparedWith;
  return `A proposed change against ${ref} (${revision.slice(0, 12)}); not compared with a running daemon.`;
}

function comparisonLines(plan: Plan): readonly string[] {
  const text = comparisonText(plan);
  return text === null ? [] : [printable(text), ''];
}

/** Such as `Plan: 2 to create, 1 to update, 0 to delete, 14 unchanged, 1 invalid`. */
export function summaryLine(summary: PlanSummary): string {
  const { create, update, delete: deleted, unchanged, adopt } = summary;
  const adopted = adopt > 0 ? `, ${adopt} to adopt` : '';
  const counts = `${create} to create, ${update} to update, ${deleted} to delete, ${unchanged} unchanged${adopted}`;
  return `Plan: ${counts}${leftOut(summary)}`;
}

/** Such as `Applied: 2 created, 1 updated, 0 deleted, 14 unchanged, 1 invalid`. */
export function appliedLine(summary: PlanSummary): string {
  const { create, update, delete: deleted, unchanged, adopt } = summary;
  const adopted = adopt > 0 ? `, ${adopt} adopted` : '';
  const counts = `${create} created, ${update} updated, ${deleted} deleted, ${unchanged} unchanged${adopted}`;
  return `Applied: ${counts}${leftOut(summary)}`;
}

function leftOut({ invalid, blocked }: PlanSummary): string {
  return `${invalid > 0 ? `, ${invalid} invalid` : ''}${blocked > 0 ? `, ${blocked} blocked` : ''}`;
}

type Paint = (style: Style, text: string) => string;

/** Whether to colour is the caller's decision, so that the terminal is not asked again. */
function painter(color: boolean): Paint {
  return (style, text) => (color ? styleText(style, text, { validateStream: false }) : text);
}

function changeLines(change: Change, paint: Paint): readonly string[] {
  const [symbol, style] = symbols[change.action];
  const { before, after, effects } = change;
  return [
    `${paint(style, `${symbol} ${printable(nameText(change))}`)}  ${printable(placeText(change))}: ${reasonText(change)}`,
    ...(before === null || after === null ? routeLines(after ?? before) : []),
    ...(change.action === 'update' && before !== null && after !== null
      ? fieldDiff(before, after).flatMap((field) => fieldLines(field, paint))
      : []),
    ...effects.filter((effect) => !isRefusal(effect)).map((effect) => effectLine(effect, paint)),
    ...(change.transfers === undefined ? [] : filesLines(change.transfers, paint)),
  ];
}

function filesLines(transfers: Transfers, paint: Paint): readonly string[] {
  return [
    printable(`    ${transfersText(transfers)}`),
    ...transferLines(transfers).map((line) => diffLine(line, paint)),
  ];
}

export function nameText({ name }: Change): string {
  return name ?? '(no name)';
}

export function placeText({ action, before, path }: Change): string {
  return action === 'adopt' && before !== null ? `${before.path} → ${path}` : path;
}

export function reasonText({ action, reason }: Change): string {
  if (action === 'blocked' && reason === 'InvalidManifest') return 'not deleted, a manifest cannot be read';
  if (action === 'blocked' && reason === 'NotSelected') return 'not deleted, nothing is selected';
  return reasons[reason];
}

function routeLines(task: ResolvedTask | null): readonly string[] {
  return task === null ? [] : [printable(`    ${routeText(task)}`)];
}

export function routeText(task: ResolvedTask): string {
  const { source, destination } = routeOf(task);
  return `${task.spec.direction} ${task.spec.transferMode} ${source} → ${destination}`;
}

function fieldLines({ path, before, after, lines }: FieldChange, paint: Paint): readonly string[] {
  if (lines === null) return [printable(`    ${path}: ${valueText(before)} → ${valueText(after)}`)];
  return [printable(`    ${path}:`), ...lines.map((line) => diffLine(line, paint))];
}

function diffLine(line: string, paint: Paint): string {
  const text = printable(`      ${line}`);
  if (line.startsWith('+')) return paint('green', text);
  return line.startsWith('-') ? paint('red', text) : text;
}

function effectLine({ danger, message }: Effect, paint: Paint): string {
  return danger ? paint(['red', 'bold'], printable(`    danger: ${message}`)) : printable(`    ${message}`);
}
