import { type Change, type Effect, hasChanges, isNews, type Plan } from '../model/plan.ts';
import { changeMarkdown } from './change-markdown.ts';
import { code, fence, fitting, marker, maxLength } from './markdown.ts';
import { problemTable } from './problem-markdown.ts';
import { comparisonText, nameText, refusalsIn, summaryLine } from './render-plan.ts';

/**
 * The plan for a comment on a pull request: what is dangerous, what is refused and what is wrong, always visible, and
 * then each change, folded. Never longer than a comment may be; what is dangerous goes last when something must.
 */
export function renderMarkdown(plan: Plan, { directory }: { readonly directory: string }): string {
  const head = [marker('cloudsync-plan', directory), `<h3>Cloudsync plan for ${code(directory)}</h3>`, '', lead(plan)];
  const comparison = comparisonText(plan);
  const sections = [head.join('\n'), ...(comparison === null ? [] : [`<p>${code(comparison)}</p>`])];
  const room = () => maxLength - sections.reduce((sum, section) => sum + section.length + 2, 0);
  sections.push(...dangerList(plan, room() / 2));
  sections.push(...refusals(plan, room() / 2));
  sections.push(...problemTable(plan.problems, room() / 2));
  sections.push(...changeList(plan, room()));
  return `${sections.join('\n\n')}\n`;
}

function lead(plan: Plan): string {
  const { invalid, blocked, unchanged } = plan.summary;
  if (hasChanges(plan) || invalid + blocked > 0) return `**${summaryLine(plan.summary)}**`;
  return `**No changes**: ${unchanged} unchanged`;
}

function dangerList({ changes }: Plan, room: number): readonly string[] {
  const items = changes.flatMap((change) =>
    change.effects.filter(isDanger).map(({ message }) => `> <li>${code(nameText(change), 100)}: ${code(message)}</li>`),
  );
  if (items.length === 0) return [];
  const { kept, left } = fitting(items, room - 300);
  const more = left === 0 ? [] : [`> <li>… and ${left} more; <code>cloudsync plan</code> shows them all</li>`];
  return [
    [
      '> [!CAUTION]',
      '> **Files may be deleted or overwritten that were safe before.**',
      ...['>', '> <ul>', ...kept, ...more, '> </ul>'],
    ].join('\n'),
  ];
}

function refusals({ changes }: Plan, room: number): readonly string[] {
  const texts = refusalsIn(changes).map((message) => {
    const command = /run: (cloudsync approve-prune [0-9a-f]+)$/.exec(message)?.[1];
    return [`<p>🛑 ${code(message)}</p>`, ...(command === undefined ? [] : [fence('sh', [command])])].join('\n\n');
  });
  return fitting(texts, room).kept;
}

/** What is dangerous comes first, and unchanged tasks are only counted. */
function changeList({ changes }: Plan, room: number): readonly string[] {
  const shown = changes.filter(isNews);
  const sorted = [...shown.filter(isDangerous), ...shown.filter((change) => !isDangerous(change))];
  const { kept, left } = fitting(sorted.map(changeMarkdown), room - 100);
  const more = `Left out for length: ${left} of ${shown.length} changes; \`cloudsync plan\` shows them all.`;
  return [...kept, ...(left === 0 ? [] : [more])];
}

function isDangerous({ effects }: Change): boolean {
  return effects.some(isDanger);
}

function isDanger({ danger }: Effect): boolean {
  return danger;
}
