import { GraphQLError } from 'graphql';
import type { GraphQLParams } from 'graphql-yoga';

/** The parameters of a request, before its document is looked up. */
export type Parameters = GraphQLParams<Record<string, unknown>, Record<string, unknown>> & {
  readonly documentId?: unknown;
};

/**
 * Parses the parameters of a request to /graphql: the query string of a GET, the JSON body of a
 * POST. Forms and plain text are refused, because a page of another site may post them from a
 * visitor's browser without a preflight. Throws a GraphQLError with an HTTP status, also for an
 * unreadable body.
 */
export async function parseParameters(request: Request): Promise<Parameters> {
  return request.method === 'GET' ? parseQuery(new URL(request.url)) : parseBody(request);
}

function parseQuery({ searchParams }: URL): Parameters {
  const object = (name: string) => {
    const text = searchParams.get(name);
    return text
      ? (parseJson(text, `The parameter \`${name}\``) as Record<string, unknown>)
      : undefined;
  };
  return {
    query: searchParams.get('query') ?? undefined,
    documentId: searchParams.get('documentId') ?? undefined,
    operationName: searchParams.get('operationName') ?? undefined,
    variables: object('variables'),
    extensions: object('extensions'),
  };
}

async function parseBody(request: Request): Promise<Parameters> {
  if (!isJson(request.headers.get('content-type')))
    throw badRequest(
      415,
      'Send the operation as JSON in UTF-8, with `content-type: application/json`.',
    );
  const text = await request.text().catch((error: unknown) => {
    throw error instanceof GraphQLError ? error : badRequest(400, 'The body could not be read.');
  });
  const body = parseJson(text, 'The body');
  if (typeof body !== 'object' || body === null)
    throw badRequest(400, 'The body must be a JSON object with `query`.');
  return body as Parameters;
}

function isJson(contentType: string | null): boolean {
  const [type, ...parameters] = (contentType ?? '').toLowerCase().split(';');
  return (
    type!.trim() === 'application/json' &&
    parameters.every((parameter) => /^\s*(charset\s*=\s*"?utf-?8"?)?\s*$/.test(parameter))
  );
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(400, `${what} is not valid JSON.`);
  }
}

const badRequest = (status: number, message: string) =>
  new GraphQLError(message, {
    // Clients that accept only application/json receive this status too, because there is no
    // result.
    extensions: { code: 'BAD_USER_INPUT', http: { status } },
  });
