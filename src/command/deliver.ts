import { realpath, stat, writeFile } from 'node:fs/promises';
import { err, ok, type Result } from '../model/result.ts';
import { systemWords } from '../model/system-error.ts';
import { writeAtomically } from '../state/atomic-write.ts';
import type { Output, ReportFormat } from './output.ts';
import type { Shell } from './shell.ts';

/** The result in one of the formats. Only what is meant for a terminal has colour. */
export type Render = (format: ReportFormat, options: { readonly color: boolean }) => string;

/** Prints a result and writes it to the files that were asked for; says whether each of them could be written. */
export async function deliver({ printed, files }: Output, render: Render, { terminal }: Shell): Promise<boolean> {
  terminal.print(render(printed, { color: terminal.color.stdout }));
  let delivered = true;
  for (const { format, name, path } of files) {
    const written = await writeWhole(path, withNewline(render(format, { color: false })));
    if (written.ok) continue;
    terminal.note(`cloudsync: ${name} could not be written: ${written.error}`);
    delivered = false;
  }
  return delivered;
}

/** A device or a pipe, such as /dev/stdout, is written to; a rename would put a file in its place. */
async function writeWhole(path: string, text: string): Promise<Result<void, string>> {
  const target = await realpath(path).catch(() => path);
  const stats = await stat(target).catch(() => null);
  // As if it were written in place: readable by whom it was, or by whom the user lets read new files.
  if (stats === null) return writeAtomically(target, text, 0o666 & ~process.umask());
  if (stats.isFile()) return writeAtomically(target, text, stats.mode & 0o777);
  return writeFile(target, text).then(
    () => ok(undefined),
    (error: unknown) => err(systemWords(error)),
  );
}

function withNewline(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
