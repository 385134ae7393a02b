import { useEffect, useState } from 'react';
import { useQuery, useSubscription } from 'urql';
import { causerie } from './causerie.ts';
import { Composer } from './composer.tsx';
import {
  FollowDocument,
  LobbyDocument,
  type FollowSubscription,
  type LineFragment,
} from './generated.ts';

export function Lobby() {
  const [{ data, error }] = useQuery({ query: LobbyDocument });
  const [resets, setResets] = useState(0);
  if (error) return <p role="alert">{error.message}</p>;
  if (!data?.room) return null;
  const { id, name } = data.room;
  return (
    <main>
      <h1>{name}</h1>
      {/* After a reset, a new key starts again with the newest messages. */}
      <Messages key={resets} roomId={id} reset={() => setResets((count) => count + 1)} />
      <Composer roomId={id} />
      <button onClick={() => causerie.signOut()}>Leave</button>
    </main>
  );
}

interface Received {
  readonly lines: readonly LineFragment[];
  readonly isReset: boolean;
}

const nothing: Received = { lines: [], isReset: false };

function addEvent(
  received: Received = nothing,
  { roomMessages: event }: FollowSubscription,
): Received {
  switch (event.__typename) {
    case 'StreamReset':
      return { ...received, isReset: true };
    case 'MessageSent':
      return { ...received, lines: [...received.lines, event.message] };
    default:
      return received;
  }
}

function Messages({ roomId, reset }: { readonly roomId: string; readonly reset: () => void }) {
  const [{ data: { lines, isReset } = nothing, error }] = useSubscription(
    { query: FollowDocument, variables: { roomId, last: 50 } },
    addEvent,
  );
  useEffect(() => {
    if (isReset) reset();
  }, [isReset, reset]);
  return (
    <>
      <ol aria-label="Messages">
        {lines.map(({ id, author, body }) => (
          <li key={id}>
            <b>{author.displayName}</b> <span>{body}</span>
          </li>
        ))}
      </ol>
      {error && <p role="alert">{error.message}</p>}
    </>
  );
}
