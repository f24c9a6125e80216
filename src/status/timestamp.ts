/** RFC 3339 in UTC, from milliseconds since the epoch. */
export function timestamp(at: number): string {
  return new Date(at).toISOString();
}
