/** The command line asks for something that does not make sense; ends in exit code 64 with this message. */
export class UsageError extends Error {}
