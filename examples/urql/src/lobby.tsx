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
      {/* After a reset it begins anew, with the newest messages. */}
      <Messages key={resets} roomId={id} reset={() => setResets((count) => count + 1)} />
      <Composer roomId={id} />
      <button onClick={() => causerie.signOut()}>Leave</button>
    </main>
  );
}

interface Heard {
  readonly lines: readonly LineFragment[];
  readonly isReset: boolean;
}

const nothing: Heard = { lines: [], isReset: false };

function hear(
  { lines, isReset }: Heard = nothing,
  { roomMessages: event }: FollowSubscription,
): Heard {
  if (event.__typename === 'StreamReset') return { lines, isReset: true };
  return event.__typename === 'MessageSent'
    ? { lines: [...lines, event.message], isReset }
    : { lines, isReset };
}

function Messages({ roomId, reset }: { readonly roomId: string; readonly reset: () => void }) {
  const [{ data: { lines, isReset } = nothing, error }] = useSubscription(
    { query: FollowDocument, variables: { roomId, last: 50 } },
    hear,
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
