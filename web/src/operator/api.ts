import type { Problem } from './types';

/** The server's word that it will not: a problem as RFC 9457 has it. */
export class Refusal extends Error {
  constructor(readonly status: number, readonly problem: Problem) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
  }
}

/** What the server answered. */
export interface Reply<T> {
  body: T;
  headers: Headers;
}

/** A call's options. */
export interface CallOptions {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** A call that takes longer is given up: a button that waits for ever helps nobody. */
const TIMEOUT_MS = 60_000;

/** Calls the server in the name of an operator. */
export class Api {
  /**
   * @param root What every path begins with.
   * @param token The operator's.
   * @param onRefused Told once the server does not believe the token, or it is no operator's.
   */
  constructor(
    private readonly root: string,
    private readonly token: string,
    private readonly onRefused: (refusal: Refusal) => void,
  ) {}

  /** Makes a call; a refusal is thrown, and so is a server that does not answer (TypeError). */
  async call<T>(path: string, options: CallOptions = {}): Promise<Reply<T>> {
    const response = await this.open(path, { signal: AbortSignal.timeout(TIMEOUT_MS), ...options });
    return { body: (await response.json()) as T, headers: response.headers };
  }

  /** The same, with the answer's body left to read. */
  async open(path: string, { method = 'GET', body, headers = {}, signal }: CallOptions = {}): Promise<Response> {
    const response = await fetch(this.root + path, {
      method,
      headers: {
        Authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      cache: 'no-store',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
    if (response.ok) return response;
    const refusal = new Refusal(response.status, await problemOf(response));
    if (response.status === 401 || response.status === 403) this.onRefused(refusal);
    throw refusal;
  }
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    return (await response.json()) as Problem;
  } catch {
    return { status: response.status };
  }
}
