import { readFileSync } from 'node:fs';
import { Kind, parse, validate, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql';
import { describe, expect, it } from 'vitest';
import { webhookDocument } from '../../src/chat/backends/webhook-payload.ts';
import { applicationEventTypes } from '../../src/events/catalogue.ts';
import { schema } from '../../src/schema.ts';

const document = parse(webhookDocument);
const fragments = new Map(
  document.definitions
    .filter((one): one is FragmentDefinitionNode => one.kind === Kind.FRAGMENT_DEFINITION)
    .map((fragment) => [fragment.name.value, fragment]),
);
const subscription = document.definitions.find(
  (one) => one.kind === Kind.OPERATION_DEFINITION,
)!.selectionSet;

/** The selections of an object of this type by their names in the answer. */
function fieldsOf(
  { selections }: SelectionSetNode,
  typeName: unknown,
): Map<string, SelectionSetNode | undefined> {
  const found = new Map<string, SelectionSetNode | undefined>();
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      found.set((selection.alias ?? selection.name).value, selection.selectionSet);
      continue;
    }
    const isSpread = selection.kind === Kind.FRAGMENT_SPREAD;
    const inner = isSpread ? fragments.get(selection.name.value)! : selection;
    // A spread names the type of its field, an inline fragment one of several.
    if (isSpread || inner.typeCondition?.name.value === typeName)
      for (const [name, fields] of fieldsOf(inner.selectionSet, typeName)) found.set(name, fields);
  }
  return found;
}

/** The places where an example has other fields than the document selects. */
function differences(
  example: Record<string, any>,
  selected: SelectionSetNode,
  typeName: unknown,
  place: string,
): string[] {
  const fields = fieldsOf(selected, typeName);
  const names = [...fields.keys()].toSorted().join(' ');
  const shown = Object.keys(example).toSorted().join(' ');
  const own = names === shown ? [] : [`${place}: ${shown} instead of ${names}`];
  return [...fields].reduce((found, [name, inner]) => {
    const value = example[name];
    const items = (Array.isArray(value) ? value : [value]).filter(Boolean);
    return inner
      ? [
          ...found,
          ...items.flatMap((item) => differences(item, inner, item.type, `${place}.${name}`)),
        ]
      : found;
  }, own);
}

const selectionsOf = (selected: SelectionSetNode, name: string) =>
  fieldsOf(selected, undefined).get(name)!;
const ofEvent = selectionsOf(selectionsOf(subscription, 'appEvents'), 'event');

const examplesIn = (text: string) =>
  [...text.matchAll(/^### ([\w.]+)\n.*?```json\n(.*?)```/gms)].map(([, type, json]) => ({
    type: type!,
    body: JSON.parse(json!),
  }));

describe('the data of webhooks', () => {
  const examples = examplesIn(readFileSync('docs/webhooks.md', 'utf8'));

  it('is valid for the schema', () => {
    expect(validate(schema, document)).toEqual([]);
  });

  it('has an example for each type of event', () => {
    expect(examples.map(({ type }) => type).toSorted()).toEqual(
      [...applicationEventTypes, 'StreamReset'].toSorted(),
    );
  });

  it.each(examples)('has the fields of the example: $type', ({ type, body }) => {
    expect(Object.keys(body)).toEqual(['type', 'timestamp', 'cursor', 'data']);
    expect(body.type).toBe(type);
    const { conversationId, ...data } = body.data;
    expect(conversationId === null).toBe(['UserUpdated', 'StreamReset'].includes(type));
    const typeName = type === 'push.wanted' ? 'PushWanted' : type;
    expect(differences(data, ofEvent, typeName, type)).toEqual([]);
  });

  it('control: finds a field too many and one too few, also deep inside', () => {
    const { body } = examples.find(({ type }) => type === 'MessageSent')!;
    const { conversationId: _, ...data } = structuredClone(body.data);
    data.message.author.email = 'x';
    delete data.message.seq;
    expect(differences(data, ofEvent, 'MessageSent', 'MessageSent')).toEqual([
      expect.stringMatching(/^MessageSent.message: /),
      expect.stringMatching(/^MessageSent.message.author: .*email/),
    ]);
  });
});
