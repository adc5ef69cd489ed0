/** A failed request, with a message that a user can act on. */
export class ApiError extends Error {
  constructor(
    message: string,
    /** The HTTP status; 0 when no answer came. */
    readonly status: number,
    /** The contract's word for the failure, such as `not_found`. */
    readonly reason: string,
    /** The number of the error in the server's log. */
    readonly id: string | null = null,
    /** Where the fault is in what was sent. */
    readonly place: string | null = null
  ) {
    super(message);
    this.name = 'ApiError';
  }

  static unreachable(cause: unknown): ApiError {
    const error = new ApiError(
      'The Jupyter server did not answer. Check that it runs and that you are connected; nothing was changed.',
      0,
      'unreachable'
    );
    error.cause = cause;
    return error;
  }
}

/** The error that an answer tells, also when a proxy in between wrote it. */
export async function toApiError(response: Response): Promise<ApiError> {
  let body: unknown;
  try {
    body = await response.json();
  } catch {
    body = null;
  }
  const told = (body ?? {}) as Record<string, unknown>;
  const text = (name: string): string | null =>
    typeof told[name] === 'string' ? (told[name] as string) : null;
  return new ApiError(
    text('message') ??
      `The server answered ${response.status} ${response.statusText}`.trim(),
    response.status,
    text('reason') ?? 'unknown',
    text('id'),
    text('place')
  );
}
