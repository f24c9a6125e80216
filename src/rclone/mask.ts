/** Takes out what could let somebody in: the user part of an address, and signatures and tokens in its query. */
export function maskCredentials(text: string): string {
  return (
    text
      // Only the end of the scheme: from its start, a long word without one would take its length squared.
      .replace(/([a-z0-9+.-]:\/\/)[^\s/?#"'<>]*@/gi, '$1***@')
      .replace(/([?&](?:x-amz-[a-z-]+|sig|signature|[a-z_]*token|[a-z_]*key|password)=)[^&\s"'<>]+/gi, '$1***')
      .replace(/("(?:access_token|refresh_token|client_secret|password)"\s*:\s*")[^"]*/gi, '$1***')
      .replace(/(\bBearer\s+)[\w.~+/=-]+/g, '$1***')
  );
}
