import type { SourceFile } from '../../src/model/snapshot.ts';

/** What was read from a file, or why nothing was. */
export function contentIn(file: SourceFile): string {
  if (file.state === 'recalled') return 'recalled';
  return file.state === 'readable' ? file.text : file.reason;
}
