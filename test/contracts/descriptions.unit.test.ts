import {
  buildSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  type GraphQLSchema,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema.ts';

/**
 * The kind of thing that a description describes. Each kind has its own form: see STYLE.md, rule 5.
 */
type Kind = 'type' | 'field' | 'mutation' | 'input' | 'value';

interface Described {
  /** Where it stands, such as `Room.onlineUsers(first:)`. */
  readonly coordinate: string;
  readonly kind: Kind;
  readonly name: string;
  readonly isBoolean: boolean;
  readonly description: string;
}

const maxWords = 25;
const headless =
  /^(Who|Whom|Whose|Whoever|What|Whatever|Which|Why|How|Where|Those who|That which)\b/;
const archaic =
  /\b(anew|for ever|hears?|heard|is told|are told|somebody|nobody|so long as|lets? go)\b/i;

describe('the descriptions of the schema', () => {
  it('follow the style guide', () => {
    const described = descriptionsOf(schema);
    expect(described.length).toBeGreaterThan(400);
    expect(described.flatMap(faultsOf)).toEqual([]);
  });

  it('are found if they break a rule', () => {
    const broken = buildSchema(`
      "The operations that read data."
      type Query {
        user: User
        "Done."
        done: Int
        "The user name."
        userName: String
        "the size of a page"
        size: Int
        "Counts the pages of a document."
        pages: Int
        "What is left to read."
        left: Int
        "When it was read last."
        readAt: Int
        "The reader. Who reads nothing has none."
        reader: Int
        "The number of users who will hear of it."
        listeners: Int
        "If the user is online."
        isOnline: Boolean
        "The number of all of the messages that all of the members of all of the rooms have ever sent to each other since the very first day."
        sent: Int
        "The rooms with this name, sorted."
        rooms("If they are public." open: Boolean): Int
      }
      "The operations that change data."
      type Mutation {
        "The deletion of a message."
        deleteMessage: Int
        "Deletes a room, and \`all.of.it\`."
        deleteRoom: Int
      }
      "Whom to show out."
      input Target { "The id of the user." id: ID  "Why, for the log." reason: String }
      "Reads all pages, one by one."
      type User { "The permanent id of the user." id: ID }
      "The state of a request."
      enum Status { "Open." OPEN  "The request was resolved." RESOLVED }
    `);
    expect(descriptionsOf(broken).flatMap(faultsOf)).toEqual([
      'Query.user has fewer than 3 words',
      'Query.done has fewer than 3 words',
      'Query.userName only repeats the name',
      'Query.size does not begin with a capital letter',
      'Query.size does not end with a full stop',
      'Query.pages is not a noun phrase with an article',
      'Query.left has a clause without a head',
      'Query.left is not a noun phrase with an article',
      'Query.readAt is not a noun phrase with an article',
      'Query.reader has a clause without a head',
      'Query.listeners has an archaic word: hear',
      'Query.isOnline does not begin with "Whether"',
      'Query.sent has a sentence of 28 words',
      'Query.rooms(open:) does not begin with "Whether"',
      'Mutation.deleteMessage does not begin with a verb in the third person',
      'Target has a clause without a head',
      'Target is not a noun phrase with an article',
      'Target.reason has a clause without a head',
      'User is not a noun phrase with an article',
      'Status.OPEN has fewer than 3 words',
    ]);
  });
});

function descriptionsOf(of: GraphQLSchema): Described[] {
  const found: Described[] = [];
  const add = (
    coordinate: string,
    kind: Kind,
    { name, description }: { readonly name: string; readonly description?: string | null },
    isBoolean = false,
  ) => void found.push({ coordinate, kind, name, isBoolean, description: description ?? '' });

  for (const type of Object.values(of.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    add(type.name, 'type', type);
    if (isEnumType(type))
      for (const value of type.getValues()) add(`${type.name}.${value.name}`, 'value', value);
    if (isInputObjectType(type))
      for (const field of Object.values(type.getFields()))
        add(`${type.name}.${field.name}`, 'input', field, isBoolean(field));
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const coordinate = `${type.name}.${field.name}`;
      add(
        coordinate,
        type === of.getMutationType() ? 'mutation' : 'field',
        field,
        isBoolean(field),
      );
      for (const argument of field.args)
        add(`${coordinate}(${argument.name}:)`, 'input', argument, isBoolean(argument));
    }
  }
  return found;
}

const isBoolean = ({ type }: { readonly type: Parameters<typeof getNamedType>[0] }): boolean =>
  getNamedType(type)?.name === 'Boolean';

function faultsOf({ coordinate, kind, name, isBoolean, description }: Described): string[] {
  // Code may hold full stops and anything else.
  const text = description.replace(/`[^`]*`/g, 'code').trim();
  if (wordsIn(text).length < 3) return [`${coordinate} has fewer than 3 words`];
  const sentences = text.split(/(?<=[.!?])\s+/);
  const longest = Math.max(...sentences.map((sentence) => wordsIn(sentence).length));
  const old = archaic.exec(text)?.[0];
  const faults: (string | false | undefined)[] = [
    repeatsName(text, name) && 'only repeats the name',
    !/^([A-Z]|code)/.test(text) && 'does not begin with a capital letter',
    !text.endsWith('.') && 'does not end with a full stop',
    longest > maxWords && `has a sentence of ${longest} words`,
    sentences.some((sentence) => headless.test(sentence)) && 'has a clause without a head',
    old && `has an archaic word: ${old}`,
    faultOfForm(kind, isBoolean, text),
  ];
  return faults.flatMap((fault) => (fault ? [`${coordinate} ${fault}`] : []));
}

function faultOfForm(kind: Kind, isBoolean: boolean, text: string): string | undefined {
  if (isBoolean) return text.startsWith('Whether ') ? undefined : 'does not begin with "Whether"';
  if (kind === 'mutation')
    return /^[A-Z][a-z]+s /.test(text)
      ? undefined
      : 'does not begin with a verb in the third person';
  if (kind === 'type' || kind === 'field')
    return /^(The|A|An|All|One) /i.test(text) ? undefined : 'is not a noun phrase with an article';
  return undefined;
}

const wordsIn = (text: string): string[] => text.match(/[\p{L}\p{N}][\p{L}\p{N}'’_-]*/gu) ?? [];

/** Whether the words of the description are those of the name, apart from articles. */
function repeatsName(text: string, name: string): boolean {
  const words = wordsIn(text.toLowerCase()).filter((word) => !/^(the|a|an|of|is)$/.test(word));
  const nameWords = name.split(/(?=[A-Z])|_/).map((word) => word.toLowerCase());
  return words.length > 0 && words.every((word) => nameWords.includes(word));
}
