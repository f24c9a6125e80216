import { type Change, isRefusal } from '../model/plan.ts';
import { type FieldChange, fieldDiff } from './field-diff.ts';
import { valueText } from './field-text.ts';
import { code, fence } from './markdown.ts';
import { nameText, placeText, reasonText, routeText } from './render-plan.ts';
import { transferLines, transfersText } from './transfers-text.ts';

/** One change: a line that says what happens to which task, and all else folded below it. */
export function changeMarkdown(change: Change): string {
  const { action, effects } = change;
  const dangerous = effects.some(({ danger }) => danger);
  const title = `${dangerous ? '⚠️ ' : ''}<b>${action}</b> ${code(nameText(change), 100)}`;
  const lines = diffLines(change);
  const files = change.transfers === undefined ? [] : transferLines(change.transfers);
  const items = effects
    .filter((effect) => !isRefusal(effect))
    .map(({ danger, message }) => `<li>${danger ? '⚠️ <b>danger:</b> ' : ''}${code(message)}</li>`);
  if (change.transfers !== undefined) items.push(`<li>${code(transfersText(change.transfers))}</li>`);
  const line = `${title} ${code(placeText(change), 300)}: ${reasonText(change)}`;
  const body = [
    ...(lines.length === 0 ? [] : [fence('diff', bounded(lines))]),
    ...(items.length === 0 ? [] : [['<ul>', ...items, '</ul>'].join('\n')]),
    ...(files.length === 0 ? [] : [fence('diff', files)]),
  ];
  if (body.length === 0) return `<p>${line}</p>`;
  return [`<details><summary>${line}</summary>`, ...body, '</details>'].join('\n\n');
}

function diffLines({ action, before, after }: Change): readonly string[] {
  if (before === null) return after === null ? [] : [`+ ${routeText(after)}`];
  if (after === null) return [`- ${routeText(before)}`];
  return action === 'update' ? fieldDiff(before, after).flatMap(fieldLines) : [];
}

function fieldLines({ path, before, after, lines }: FieldChange): readonly string[] {
  if (lines !== null) return [`  ${path}:`, ...lines.map(indented)];
  return [
    ...(before === null ? [] : [`- ${path}: ${valueText(before)}`]),
    ...(after === null ? [] : [`+ ${path}: ${valueText(after)}`]),
  ];
}

/** Behind the sign, so that it stays first; between two parts there is none. */
function indented(line: string): string {
  return line === '…' ? '  …' : `${line.slice(0, 1)}   ${line.slice(1)}`;
}

/** A script may be as long as a file; the pull request has all of it. */
function bounded(lines: readonly string[]): readonly string[] {
  const shown = lines.slice(0, maxLines);
  const left = lines.length - shown.length;
  return left === 0 ? shown : [...shown, `  … and ${left} more`];
}

const maxLines = 60;
