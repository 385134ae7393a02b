import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { eventStreamResponse, type EventBytes } from './event-stream.ts';
import { streamedResponse, streamedTypeOf, type StreamedContext } from './streamed-response.ts';

/**
 * Streams the events of a subscription as they are. Yoga would encode them for each subscriber. The
 * only results that are iterable are those of `subscribe`. Without a chosen processor, the client
 * does not accept an event stream.
 */
export const streamEncodedEvents: Plugin = {
  onResultProcess({ result, resultProcessor, setResultProcessor }) {
    if (resultProcessor && Symbol.asyncIterator in result)
      setResultProcessor(
        (events, fetchAPI) => eventStreamResponse(events as AsyncIterable<EventBytes>, fetchAPI),
        'text/event-stream',
      );
  },
};

/** Yoga answers an unacceptable `accept` header with an empty body. */
export const explainNotAcceptable: Plugin = {
  onResponse({ response, setResponse, fetchAPI }) {
    if (response.status !== 406) return;
    const error = new GraphQLError(
      'Accept `application/graphql-response+json` or `application/json`, and for a subscription `text/event-stream`.',
      { extensions: { code: 'BAD_USER_INPUT' } },
    );
    setResponse(fetchAPI.Response.json({ errors: [error] }, { status: 406 }));
  },
};

/** Streams a result with objects that are produced while they are sent. */
export const streamLargeObjects: Plugin<object, StreamedContext> = {
  onResultProcess({ serverContext: { req, streamed }, setResultProcessor }) {
    if (!streamed || streamed.length === 0) return;
    const mediaType = streamedTypeOf(req)!;
    setResultProcessor(
      (result, fetchAPI) => streamedResponse(result, mediaType, fetchAPI),
      mediaType,
    );
  },
};
