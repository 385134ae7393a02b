/**
 * A room and its threads. A thread is a list of lines in the form `A: text | reactions`. The letter
 * stands for one person in the whole thread; `*` for the bot, and `#` for a system message in its
 * name. With `>` instead of `:`, the line is a reply to the first line of the thread. The emojis
 * after `|` are reactions.
 */
export interface SeedRoom {
  readonly name: string;
  readonly topic: string;
  readonly visibility: 'PUBLIC' | 'PRIVATE';
  /** Usernames; the first is the owner. If empty, all users are members. */
  readonly members: readonly string[];
  readonly threads: readonly (readonly string[])[];
}

export const rooms: readonly SeedRoom[] = [
  {
    name: 'General',
    topic: 'What everybody should know',
    visibility: 'PUBLIC',
    members: [],
    threads: [
      [
        'A: Good morning! The all-hands is at 15:00 today, agenda in the usual place. | 👍 👍 👍',
        'B: Will it be recorded? I am on a train until four.',
        'A> Yes, the link will be here afterwards.',
        'B: Thank you! | ❤️',
      ],
      [
        'A: We passed ten thousand rooms on the hosted service last night 🎉 | 🎉 🎉 🎉 🎉 🚀',
        'B: From two hundred in spring. Well done, everybody.',
        'C: Cake on Friday then? | 🍰 🍰',
      ],
      [
        'A: The office is closed on Monday. If you are on call, the rota has your name in it.',
        'B: I swapped with @{C}, the rota knows.',
        'C> Confirmed.',
      ],
      [
        'A: Who still has the big meeting-room camera?',
        'B: On my desk, sorry! It is back in a minute.',
        'A: No hurry, thanks. | 🙏',
      ],
      [
        'A: Please read the new page on how we write release notes before you write the next one. It is short. | 👀 👍',
        'B: I like the rule that a note says what to do, not what was done.',
        'C: Same. Shall we apply it to error messages as well?',
        'A> We already do, or should.',
      ],
      [
        'A: Welcome @{B}, who joins support today! | 👋 👋 👋 👋',
        'B: Hello everybody! Happy to be here.',
        'C: Welcome! Lunch at twelve, we go together on first days.',
        'B: With pleasure.',
      ],
      [
        'A: Reminder: expenses for last month until Thursday.',
        'B: Is there a way to see what I have already handed in?',
        'A> The list is under your name, second tab.',
      ],
    ],
  },
  {
    name: 'Engineering',
    topic: 'How it is built; incidents go to Operations',
    visibility: 'PUBLIC',
    members: [
      'ada',
      'ben',
      'dmitri',
      'elif',
      'farid',
      'hugo',
      'jonas',
      'kavya',
      'mei',
      'olu',
      'sven',
    ],
    threads: [
      [
        'A: Does anybody know why the resume test sleeps for 2 s?',
        'B: It should not. It was there before we had the caught-up event.',
        'A: Then I take it out.',
        'A: 40 runs, all green, and the suite is 2 s faster. | 🎉 👏',
        'C: That is what I call a good morning.',
      ],
      [
        'A: I would like to drop the second cache. It saves 3 % and costs us every bug of the last month. | 👍 👍 👍',
        'B: Do you have the profile at hand?',
        'A> ```\n41 %  execute\n22 %  JSON.stringify\n 3 %  what the cache saves\n```',
        'B: Drop it.',
      ],
      [
        'A: @{B} your branch is green, I left two small remarks.',
        'B: Both are right, pushed.',
        'A: Merged. | 🚀',
      ],
      [
        'A: What is the difference between a topic and a feed again?',
        'B: A topic is in the database: a sequence of events. A feed is how one node follows it.',
        'C: So one topic, as many feeds as nodes.',
        'B> Exactly.',
        'A: That belongs into the glossary. I will add it. | 💯',
      ],
      [
        'A: PostgreSQL 17 or 18 for the new cluster?',
        'B: 18, if the backup tool is ready for it.',
        'C: It is since last week.',
        'A: 18 then.',
      ],
      [
        'A: I have a test that fails once in 300 runs. Has anyone seen "expected 5 to be 6" in presence?',
        'B: Clock of the machine? We had that with leap seconds and with laptops that sleep.',
        'A: It only fails when the grace ends in the same turn as the refresh.',
        'C: Then it is not the test that is wrong.',
        'A> Indeed. Found it: the timer was armed twice. Fix and test are in review. | 👏 👏 🕵️',
      ],
      [
        'A: Reading group on Thursday: the paper on clocks in distributed systems. | 📚',
        'B: I have read it twice and still do not trust my watch.',
        'C: That is the summary.  | 😂 😂 😂',
      ],
      [
        'A: Could we agree on one word? The code says "subscriber", the docs say "listener".',
        'B: Subscriber. Listener is what hears a feed inside of a node.',
        'A: I will change the docs.',
      ],
    ],
  },
  {
    name: 'Operations',
    topic: 'What runs, and what does not',
    visibility: 'PUBLIC',
    members: ['sven', 'ben', 'farid', 'grace', 'kavya', 'olu', 'rosa'],
    threads: [
      [
        'A: Redis in the second region was restarted by the provider at 03:12. | 👀',
        'B: Did anybody notice?',
        'A> Events came up to 1.4 s late for a minute. Nothing was lost, nobody wrote to support.',
        'B: That is how I like incidents. | ❤️ 👍',
      ],
      [
        'A: Rolling the nodes to 0.9 now, one by one.',
        '*: Deployment of 0.9 to production started by @{A}. Watch it: https://deploys.example/981',
        'A: Three of six.',
        '#: Deployment of 0.9 finished: six of six nodes',
        'A: Done. 41,000 connections moved, all of them resumed. | 🚀 🚀',
      ],
      [
        '*: Disk of db-2 is at 80 %. | 👀',
        'A: That is sooner than I thought.',
        'B: The event log grew with the import. It is trimmed after seven days.',
        'A: So it goes down by itself on Saturday?',
        'B> Yes. If not, I look at it on Monday.',
      ],
      [
        'A: Who may change the alert for slow readers? It wakes me for one phone in a tunnel.',
        'B: You may. Make it ten connections for five minutes.',
        'A: Done, thanks. | 😴',
      ],
      [
        'A: Backup restored into the test cluster, checks pass. 18 minutes all in all.',
        'B: Was 25 last month. What changed?',
        'A> Parallel restore, and less log.',
      ],
    ],
  },
  {
    name: 'Design',
    topic: 'How it looks and how it feels',
    visibility: 'PUBLIC',
    members: ['chiara', 'ines', 'liam', 'mei', 'priya', 'tara', 'ada'],
    threads: [
      [
        'A: New take on the unread mark: a thin line, and the count only in the list. | 😍 👍',
        'B: Much calmer. Does the line stay while I read?',
        'A> Until you leave the room. It should not run away under your eyes.',
        'C: Yes please.',
      ],
      [
        'A: The contrast of the timestamp is 3.9 : 1 in the dark theme.',
        'B: Needs 4.5. One step lighter?',
        'A: One step lighter gives 4.7. Changed.',
        'B: ✔️ | 👍',
      ],
      [
        'A: Do we need the "typing" dots to move?',
        'B: For those who prefer reduced motion they already do not.',
        'C: I would keep them, slower.',
        'A> Slower it is.',
      ],
      [
        'A: Test with five people today: nobody found how to reply on the phone.',
        'B: A long press?',
        'A> Four tried to swipe.',
        'C: Then swiping it is, and the long press opens the menu.',
        'A: I will draw it. | ✏️ ❤️',
      ],
      [
        'A: Empty rooms say "Nothing here". Could they say something kinder?',
        'B: "Be the first to write." ',
        'C: "It is quiet here. Say hello." | ❤️ ❤️ ❤️',
        'A: Sold.',
      ],
    ],
  },
  {
    name: 'Random',
    topic: 'Everything else',
    visibility: 'PUBLIC',
    members: [],
    threads: [
      [
        'A: Today on my way to work: a heron on the roof of the tram stop. | 🐦 😮',
        'B: Waiting for line 4 like everybody else.',
        'C: It will wait long, line 4 does not run today. | 😂 😂',
      ],
      [
        'A: Best soup within ten minutes of the office? Go.',
        'B: The Vietnamese place behind the station.',
        'C: The Vietnamese place behind the station.',
        'D: What they said. | 🍜 🍜 🍜',
        'A: That was easier than any decision this week.',
      ],
      [
        'A: My daughter asked what I do all day. I said I help people to talk to each other.',
        'B: That is better than our website. | ❤️ ❤️ ❤️ ❤️',
      ],
      [
        'A: Is anybody up for climbing on Wednesday?',
        'B: Me!',
        'C: If there is an easy wall.',
        'A> There is, and pizza afterwards. | 🧗 🍕',
      ],
      [
        'A: Crossword, seven letters: "long conversation with no agenda".',
        'B: Meeting?',
        'C: That has an agenda, allegedly.',
        'D: Causerie has eight. | 😂 😂 💯',
        'A: So close.',
      ],
      [
        'A: I finished the book about the lighthouse keepers. Three stars, but a wonderful storm.',
        'B: Which one?',
        'A> "The Lamplighters". I can lend it to you.',
      ],
    ],
  },
  {
    name: 'Leads',
    topic: 'Hiring and plans',
    visibility: 'PRIVATE',
    members: ['grace', 'ada', 'chiara', 'sven'],
    threads: [
      [
        'A: Two candidates for support on Tuesday. Who has an hour?',
        'B: 10:00 is good.',
        'C: I take the second.',
        'A: Thank you both. | 🙏',
      ],
      [
        'A: Draft of the plan for next quarter is in the folder. Tear it apart, please.',
        'B: The first page is great. The third promises too much.',
        'A> Which of the three would you drop?',
        'B: The second. Nobody asked for it. | 👍',
      ],
      [
        'A: Can we move our weekly to Thursday? Friday keeps slipping.',
        'B: 👍',
        'C: Fine.',
        'A: Moved.',
      ],
    ],
  },
];
