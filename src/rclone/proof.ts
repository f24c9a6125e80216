import type { LogLine } from './log-line.ts';

/** What one run of rclone has shown about files of the source, by their names there. */
export interface Proofs {
  /** Reads a line as rclone wrote it, at the level of debugging. */
  add(line: LogLine): void;
}

export interface ProofListener {
  /** It was sent whole, or shown equal to what is at the destination by its hash or by size and time. */
  readonly onProven: (path: string) => void;
  /** It was taken for equal because of its size alone. */
  readonly onSizeOnly: (path: string) => void;
}

/** How rclone says that it compared sizes and nothing else; said of a file just before that it is left as it is. */
const sizeOnly = /^(?:Sizes identical|Size of src and dst objects identical)$/;

/** Follows what is sent and what is left as it is. Anything else that rclone says proves nothing. */
export function createProofs({ onProven, onSizeOnly }: ProofListener): Proofs {
  const weak = new Set<string>();
  return {
    add(line) {
      if (line.kind === 'change') {
        if (line.change.action === 'copy') onProven(line.change.path);
        return;
      }
      if (line.kind !== 'message' || line.level !== 'debug' || line.object === null) return;
      if (sizeOnly.test(line.text)) weak.add(line.object);
      if (line.text !== 'Unchanged skipping') return;
      if (weak.delete(line.object)) onSizeOnly(line.object);
      else onProven(line.object);
    },
  };
}
