import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

type Json = Readonly<Record<string, unknown>>;

/** One line of an import file, in the form of the API's inputs. */
export type Line =
  | {
      readonly type: 'user';
      readonly externalId: string;
      readonly username?: string;
      readonly displayName?: string;
      readonly avatarUrl?: string;
      readonly isBot?: boolean;
      readonly metadata?: Json;
    }
  | {
      readonly type: 'room';
      readonly externalId: string;
      readonly name?: string;
      readonly topic?: string;
      readonly visibility?: 'PUBLIC' | 'PRIVATE';
      readonly metadata?: Json;
      readonly ownerId?: string;
    }
  | {
      readonly type: 'members';
      readonly roomId: string;
      readonly userIds: readonly string[];
      readonly role?: 'MEMBER' | 'MODERATOR' | 'OWNER';
    }
  | {
      readonly type: 'message';
      readonly conversationId: string;
      readonly externalId: string;
      readonly authorId: string;
      readonly body: string;
      readonly createdAt: string;
      readonly replyToExternalId?: string;
      readonly metadata?: Json;
    };

/** The id in an argument of a backend that stands for an id of the application. */
export const external = (id: string): string => `external:${id}`;

const types: readonly string[] = ['user', 'room', 'members', 'message'] satisfies Line['type'][];

/** Reads a file of lines. Rejects at the first one whose type is unknown. */
export async function* importLines(path: string): AsyncGenerator<Line> {
  for await (const line of jsonLines<Line>(path)) {
    if (!types.includes(line?.type))
      throw new Error(
        `${path} has a line with the type ${JSON.stringify(line?.type)}. The types are ${types.join(', ')}. For an export of another server, pass --from.`,
      );
    yield line;
  }
}

/** Reads a file of JSON objects, one on each line, without loading it as a whole. */
export async function* jsonLines<Value>(path: string): AsyncGenerator<Value> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  let number = 0;
  for await (const line of lines) {
    number++;
    if (line.trim() === '') continue;
    try {
      yield JSON.parse(line) as Value;
    } catch (error) {
      throw new Error(`Line ${number} of ${path} is not JSON.`, { cause: error });
    }
  }
}
