/** Shorter values would turn up by chance in ordinary words and paths. */
const shortestSecret = 6;

/**
 * A last line of defence: rclone is never given a secret where it would print one, and should some version do so all
 * the same, the text is struck out before anybody keeps it.
 */
export function createRedaction(secrets: readonly string[]): (text: string) => string {
  const forms = [...new Set(secrets.flatMap(printedForms))]
    .filter((form) => form.length >= shortestSecret)
    .sort((left, right) => right.length - left.length);
  return (text) => forms.reduce((redacted, form) => redacted.replaceAll(form, '***'), text);
}

/** As it is, as a URL carries it, as JSON quotes it, each line of a key that has several, each part of a token. */
function printedForms(secret: string): readonly string[] {
  const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), ...secret.split('\n')];
  return [...forms, ...partsOfToken(secret)];
}

/** An OAuth token or a service account is a JSON object of several secrets. */
function partsOfToken(secret: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(secret);
    return typeof value === 'object' && value !== null
      ? Object.values(value).filter((part) => typeof part === 'string')
      : [];
  } catch {
    return [];
  }
}
