import { posix } from 'node:path';
import type { Problem } from '../model/problem.ts';
import type { RefusedFile } from '../model/snapshot.ts';
import type { ManifestContext } from './context.ts';
import type { Finding } from './finding.ts';
import { type MaskPolicy, maskedLine, maskedLines } from './line-mask.ts';
import { problemFrame } from './problem-frame.ts';
import type { YamlDocument } from './yaml-document.ts';

const mostShown = 20;

/** How a problem's file is named: the tasks directory as the user wrote it, and the path in it. */
export function displayPath(path: string, context: Pick<ManifestContext, 'directory'>): string {
  return posix.join(context.directory, path);
}

/** What is wrong with a file that could not be read. */
export function refusedProblem(file: RefusedFile, context: ManifestContext): Problem {
  const sentences = {
    Unreadable: { code: 'CS001', message: `the file cannot be read: ${file.detail}`, hint: 'check its owner and mode' },
    TooLarge: {
      code: 'CS002',
      message: `a manifest may hold at most 64 KiB; found ${file.detail}`,
      hint: 'split it, or move what is not a manifest to another folder',
    },
    NotRegular: {
      code: 'CS003',
      message: `a manifest must be a regular file; found ${file.detail}`,
      hint: 'put the file itself here',
    },
    OutsideRoot: {
      code: 'CS003',
      message: `the link leads out of the tasks directory: ${file.detail}`,
      hint: 'put the file itself here',
    },
  } as const;
  const place = { file: displayPath(file.path, context), line: 1, column: 1, frame: null };
  return { severity: 'error', ...sentences[file.reason], ...place };
}

/** Places findings in the text, sorted; beyond twenty only says how many there are. */
export function placeFindings(
  findings: readonly Finding[],
  text: string,
  document: YamlDocument,
  policy: MaskPolicy,
  file: string,
): readonly Problem[] {
  if (findings.length === 0) return [];
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  const masked = maskedLines(lines, policy);
  const placed = findings
    .map((finding) => {
      const { spot } = finding;
      return { finding, offset: 'offset' in spot ? spot.offset : document.offsetOf(spot.path, spot.part) };
    })
    .sort((left, right) => left.offset - right.offset);
  const cut = placed.length > mostShown ? mostShown - 1 : placed.length;
  const problems = placed.slice(0, cut).map(({ finding: { code, severity, message, hint }, offset }): Problem => {
    const { line, column } = positionIn(text, offset);
    return { code, severity, file, line, column, message, hint, frame: problemFrame(masked, line, column) };
  });
  return [...problems, ...remainder(placed.slice(cut), text, file)];
}

/** Where something is written, with its line for the frame of a problem that another file causes. */
export function sourcePlace(text: string, offset: number, policy: MaskPolicy) {
  const position = positionIn(text, offset);
  const start = offset - position.column + 1;
  const line = text.slice(start).split(/\r?\n/, 1).join('');
  return { ...position, text: maskedLine(line, policy).text };
}

function remainder(
  rest: readonly { readonly finding: Finding; readonly offset: number }[],
  text: string,
  file: string,
): readonly Problem[] {
  const [first] = rest;
  if (first === undefined) return [];
  const { code } = first.finding;
  // An error must not be lost among warnings: the file would count as valid.
  const severity = rest.some(({ finding }) => finding.severity === 'error') ? 'error' : 'warning';
  const message = `${rest.length} more problems in this file are not shown`;
  return [{ code, severity, file, ...positionIn(text, first.offset), message, hint: null, frame: null }];
}

/** Both count from 1. */
function positionIn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: before.slice(-1).join('').length + 1 };
}
