/** What a token says of itself, so far as it can be read without its key. The server alone decides. */
export interface TokenWords {
  isOperator: boolean | null;
  expiresAt: number | null;
}

/** Reads a token; null where it is none. */
export function readToken(token: string): TokenWords | null {
  const parts = token.split('.');
  if (parts.length !== 3) return null;
  try {
    const bytes = atob(parts[1]!.replace(/-/g, '+').replace(/_/g, '/'));
    const words = JSON.parse(decodeURIComponent([...bytes].map(percent).join(''))) as Record<string, unknown>;
    const { role, exp } = words;
    const roles = role === undefined ? null : Array.isArray(role) ? role : [role];
    return {
      isOperator: roles === null ? null : roles.includes('operator'),
      expiresAt: typeof exp === 'number' ? exp * 1000 : null,
    };
  } catch {
    return null;
  }
}

/** The token that an address hands over, and the address without it; null where there is none. */
export function takeToken(hash: string): { token: string; rest: string } | null {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const token = given.get('token');
  if (!token) return null;
  given.delete('token');
  const rest = given.toString();
  return { token: token.trim(), rest: rest ? `#${rest}` : '' };
}

function percent(byte: string): string {
  return `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
