import { systemWords } from '../model/system-error.ts';

/** What is needed of `process.stdout` and `process.stderr`. */
export interface OutputStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

export interface TerminalOptions {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Left out: nobody can be asked. */
  readonly stdin?: { readonly isTTY?: boolean };
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface Terminal {
  /** Data, to standard output. */
  print(text: string): void;
  /** Everything said beside the data, to standard error. */
  note(text: string): void;
  /** Whether some of the data could not be written, other than to a reader that went away. */
  readonly outputFailed: boolean;
  /** Rewrites one line below everything else, only where somebody sees it move; `null` takes it away. */
  progress(text: string | null): void;
  /** Whether `progress` shows anything. */
  readonly rewritable: boolean;
  /** Whether a person can be asked: input and standard error are a terminal. */
  readonly interactive: boolean;
  /** Whether escape sequences may be used on each stream. */
  readonly color: { readonly stdout: boolean; readonly stderr: boolean };
  /** Columns of standard output; `null` where it is no terminal. Asked each time, since windows change. */
  readonly width: number | null;
}

const clearLine = '\r\u001b[K';

/** The only writer to the process's streams. */
export function createTerminal({ stdout, stderr, stdin, environment }: TerminalOptions): Terminal {
  // A full disk under its log must not end a daemon; what comes when there is room again is written again.
  const errors = writerOn(stderr, () => undefined);
  let outputFailed = false;
  const out = writerOn(stdout, (error) => {
    if (!outputFailed) errors(`cloudsync: the output could not be written: ${systemWords(error)}\n`);
    outputFailed = true;
  });
  const rewritable = isCapable(stderr, environment);
  let line: string | null = null;

  /** Text must not be mixed with the progress line, also when both streams show on the same terminal. */
  function writeAbove(write: (text: string) => void, text: string): void {
    if (line !== null) errors(clearLine);
    write(text.endsWith('\n') ? text : `${text}\n`);
    if (line !== null) errors(line);
  }

  function progress(text: string | null): void {
    if (!rewritable) return;
    const before = line;
    line = text === null ? null : [...text].slice(0, (stderr.columns ?? 80) - 1).join('');
    if (line !== before) errors(`${clearLine}${line ?? ''}`);
  }

  return {
    print: (text) => writeAbove(out, text),
    note: (text) => writeAbove(errors, text),
    get outputFailed() {
      return outputFailed;
    },
    progress,
    rewritable,
    interactive: stdin?.isTTY === true && stderr.isTTY === true,
    color: { stdout: hasColor(stdout, environment), stderr: hasColor(stderr, environment) },
    get width() {
      return stdout.isTTY === true ? (stdout.columns ?? 80) : null;
    },
  };
}

/** A reader that has seen enough, as `head` does, ends the output but is no failure. */
function writerOn(stream: OutputStream, onFailure: (error: Error) => void): (text: string) => void {
  let closed = false;
  stream.on('error', (error) => {
    if ('code' in error && error.code === 'EPIPE') closed = true;
    else onFailure(error);
  });
  return (text) => {
    if (!closed) stream.write(text);
  };
}

/** `NO_COLOR` (no-color.org) wins over all, then `FORCE_COLOR`; otherwise it is for the stream to say. */
function hasColor(stream: OutputStream, environment: TerminalOptions['environment']): boolean {
  const { NO_COLOR, FORCE_COLOR } = environment;
  if (isSet(NO_COLOR)) return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return isCapable(stream, environment);
}

/** A terminal that understands escape sequences, and is not the log of a CI job that only claims to be one. */
function isCapable({ isTTY }: OutputStream, { TERM, CI }: TerminalOptions['environment']): boolean {
  return isTTY === true && TERM !== 'dumb' && !isSet(CI);
}

function isSet(variable: string | undefined): boolean {
  return variable !== undefined && variable !== '';
}
