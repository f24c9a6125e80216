/** `cloudsync`, with the option that the user had to give to be understood. */
export function program(tasksName: string): string {
  return tasksName === 'tasks.d' ? 'cloudsync' : `cloudsync --tasks ${shellWord(tasksName)}`;
}

/** A word as a shell reads it. */
export function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
