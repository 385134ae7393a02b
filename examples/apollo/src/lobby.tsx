import { useQuery, useSubscription } from '@apollo/client/react';
import { useState } from 'react';
import { causerie } from './causerie.ts';
import { Composer } from './composer.tsx';
import { FollowDocument, LobbyDocument, type LineFragment } from './generated.ts';

export function Lobby() {
  const { data, error } = useQuery(LobbyDocument);
  if (error) return <p role="alert">{error.message}</p>;
  if (!data?.room) return null;
  const { id, name } = data.room;
  return (
    <main>
      <h1>{name}</h1>
      <Messages roomId={id} />
      <Composer roomId={id} />
      <button onClick={() => causerie.signOut()}>Leave</button>
    </main>
  );
}

function Messages({ roomId }: { readonly roomId: string }) {
  const [lines, setLines] = useState<readonly LineFragment[]>([]);
  const { error, restart } = useSubscription(FollowDocument, {
    variables: { roomId, last: 50 },
    // `onData` receives every event, and the cache merges none.
    fetchPolicy: 'no-cache',
    ignoreResults: true,
    onData({ data: { data } }) {
      const event = data?.roomMessages;
      if (event?.__typename === 'MessageSent') setLines((before) => [...before, event.message]);
      if (event?.__typename !== 'StreamReset') return;
      // Events were missed. Start again with the newest messages.
      setLines([]);
      restart();
    },
  });
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
