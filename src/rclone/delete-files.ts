import { addEvidence, emptyEvidence } from './evidence.ts';
import { classify } from './outcome.ts';
import { startRclone } from './process.ts';

/** Files to delete, by their exact names below a place. */
export interface Deletion {
  readonly place: string;
  readonly names: readonly string[];
  /** Further arguments. */
  readonly options: readonly string[];
}

/** Deletes exactly these files. The error is one sentence; `null`: rclone ended with 0. */
export async function deleteFiles(
  binary: string,
  environment: Readonly<Record<string, string>>,
  { place, names, options }: Deletion,
  signal: AbortSignal,
  onDeleted: (path: string) => void,
): Promise<string | null> {
  let evidence = emptyEvidence;
  const rclone = await startRclone({
    binary,
    arguments: [
      ...['delete', '-v', '--use-json-log', '--retries', '1', '--files-from-raw', '-'],
      ...options,
      ...['--', place],
    ],
    environment,
    input: names.map((name) => `${name}\n`).join(''),
    onLine(line) {
      evidence = addEvidence(evidence, line);
      if (line.kind === 'change' && line.change.action === 'delete') onDeleted(line.change.path);
    },
  });
  signal.addEventListener('abort', rclone.stop, { once: true });
  if (signal.aborted) rclone.stop();
  const exit = await rclone.finished;
  signal.removeEventListener('abort', rclone.stop);
  return classify(exit, evidence).lastError;
}
