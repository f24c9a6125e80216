import { errorAt, type Finding, warningAt } from './finding.ts';
import type { WrittenTaskSpec } from './written-task.ts';

const fields = ['preScript', 'postScript', 'finallyScript'] as const;
const mostBytes = 32 * 1024;

type Scripts = Pick<WrittenTaskSpec, (typeof fields)[number]>;

/** What would keep a script from running, or from running as it was meant. */
export function scriptFindings(written: Scripts): readonly Finding[] {
  return fields.flatMap((field) => findings(['spec', field], written[field] ?? ''));
}

function findings(path: readonly string[], text: string): readonly Finding[] {
  const name = path.join('.');
  const bytes = Buffer.byteLength(text);
  if (bytes > mostBytes) {
    const message = `${name} must be at most ${mostBytes / 1024} KiB long; found ${bytes} bytes`;
    return [errorAt('CS015', path, message, 'put it into a file of its own and call that')];
  }
  if (text.includes('\r')) {
    const hint = 'write it as a block below "|", or take the \\r out: bash reads them as part of each line';
    return [errorAt('CS016', path, `${name} has carriage returns, the line ends of Windows`, hint)];
  }
  if (text.includes('\0')) return [errorAt('CS016', path, `${name} holds a zero character`, 'take the \\0 out')];
  if (!isShebangLate(text)) return [];
  const message = `${name} names its interpreter by #! below its first line or after a blank, so bash runs it`;
  return [warningAt('CS037', path, message, 'begin the script with #!, right after the line with "|"')];
}

/** Further down, after a command, it may belong to a script that this one writes. */
function isShebangLate(text: string): boolean {
  const line = text.split('\n').find((each) => /^\s*(?:#!|[^#\s])/.test(each));
  return line !== undefined && /^\s*#!\s*\//.test(line) && !text.startsWith('#!');
}
