import type { RunTools } from './run-order.ts';

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

/** Tools whose log shows none of these secrets, such as a script prints them that has read them for itself. */
export function withRedactedLog(tools: RunTools, secrets: readonly string[]): RunTools {
  const redact = createRedaction(secrets);
  return {
    ...tools,
    emit: (event) => tools.emit(event.type === 'RunLog' ? { ...event, message: redact(event.message) } : event),
  };
}

function printedForms(secret: string): readonly string[] {
  return [secret, ...partsOfToken(secret)].flatMap(formsOf);
}

/** As it is, as a URL carries it, as JSON quotes it, each line of a key that has several. */
function formsOf(text: string): readonly string[] {
  // Half a character, which JSON can hold, cannot stand in a URL.
  const whole = Buffer.from(text).toString();
  return [text, encodeURIComponent(whole), JSON.stringify(text).slice(1, -1), ...text.split('\n')];
}

/** Of a token or a service account, what anybody may know, and what explains an error. */
const publicPart = /^(?:token_type|expiry|type|project_id|universe_domain|.*_ur[il])$/;

/** An OAuth token or a service account is a JSON object of several secrets. */
function partsOfToken(secret: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(secret);
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([name, part]) =>
      typeof part === 'string' && !publicPart.test(name) ? [part] : [],
    );
  } catch {
    return [];
  }
}
