import type { Annotation } from './annotation.ts';
import { sanitizeLine } from './sanitize.ts';

/** One test for each manifest, which fails where something is wrong with it; warnings are its output. */
export function renderJunit(
  files: readonly string[],
  annotations: readonly Annotation[],
  { name }: { readonly name: string },
): string {
  const all = [...new Set([...files, ...annotations.map(({ file }) => file)])].sort();
  const about = new Map<string, Annotation[]>(all.map((file) => [file, []]));
  for (const annotation of annotations) about.get(annotation.file)?.push(annotation);
  const cases = [...about].map(([file, some]) => testCase(file, some));
  const failures = cases.filter(({ failed }) => failed).length;
  const counts = `tests="${cases.length}" failures="${failures}" errors="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escaped(name)}" ${counts}>`,
    `  <testsuite name="${escaped(name)}" ${counts} skipped="0">`,
    ...cases.flatMap(({ lines }) => lines),
    '  </testsuite>',
    '</testsuites>',
  ].join('\n');
}

interface TestCase {
  readonly failed: boolean;
  readonly lines: readonly string[];
}

function testCase(file: string, annotations: readonly Annotation[]): TestCase {
  const errors = annotations.filter(({ severity }) => severity === 'error');
  const warnings = annotations.filter(({ severity }) => severity === 'warning');
  const cut = file.lastIndexOf('/');
  const directory = cut === -1 ? '.' : file.slice(0, cut);
  const open = `    <testcase classname="${escaped(directory)}" name="${escaped(file.slice(cut + 1))}" file="${escaped(file)}"`;
  const [first] = errors;
  if (first === undefined && warnings.length === 0) return { failed: false, lines: [`${open} />`] };
  const failure =
    first === undefined
      ? []
      : [`      <failure type="${first.code}" message="${escaped(first.message)}">${textOf(errors)}</failure>`];
  const output = warnings.length === 0 ? [] : [`      <system-out>${textOf(warnings)}</system-out>`];
  return { failed: first !== undefined, lines: [`${open}>`, ...failure, ...output, '    </testcase>'] };
}

function textOf(annotations: readonly Annotation[]): string {
  const lines = annotations.flatMap(({ file, line, column, severity, code, message, hint }) => [
    `${file}:${line}:${column} ${severity} ${code} ${message}`,
    ...(hint === null ? [] : [`  hint: ${hint}`]),
  ]);
  return lines.map(escaped).join('\n');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Of what is left when control characters are written out, XML 1.0 cannot hold halves of characters and these two. */
function escaped(text: string): string {
  return sanitizeLine(text)
    .replaceAll(/[\p{Cs}\ufffe\uffff]/gu, '\ufffd')
    .replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}
