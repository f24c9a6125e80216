/** Longer lines are cut: no line of rclone's comes near, and memory has to end somewhere. In UTF-16 units. */
const maxLineLength = 1024 * 1024;

export interface LineSplitter {
  write(text: string): void;
  /** Gives out what came after the last line break. */
  end(): void;
}

/** Cuts a stream of text into lines, without their line breaks; empty lines are left out. */
export function createLineSplitter(onLine: (line: string) => void): LineSplitter {
  let pending = '';

  function append(text: string): void {
    pending += text.slice(0, maxLineLength - pending.length);
  }

  function flush(): void {
    const line = pending.endsWith('\r') ? pending.slice(0, -1) : pending;
    pending = '';
    if (line !== '') onLine(line);
  }

  return {
    write(text) {
      const [first = '', ...others] = text.split('\n');
      append(first);
      for (const other of others) {
        flush();
        append(other);
      }
    },
    end: flush,
  };
}
